/** Conditions of custom resources: when a condition changes, and when its transition time does. */
@NullMarked
package io.rdmagid.api.condition;

import org.jspecify.annotations.NullMarked;
