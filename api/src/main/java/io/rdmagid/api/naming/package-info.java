/**
 * The names that rdmagid gives to its objects, and the keys that it writes on objects of others.
 */
@NullMarked
package io.rdmagid.api.naming;

import org.jspecify.annotations.NullMarked;
