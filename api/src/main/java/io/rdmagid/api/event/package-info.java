/** Events, by which rdmagid tells of objects of others. */
@NullMarked
package io.rdmagid.api.event;

import org.jspecify.annotations.NullMarked;
