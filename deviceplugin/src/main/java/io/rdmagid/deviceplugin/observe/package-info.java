/**
 * Keeps the inventory current: from the kernel, by one platform thread that owns every device
 * context and waits for their events, or from a recording.
 */
@NullMarked
package io.rdmagid.deviceplugin.observe;

import org.jspecify.annotations.NullMarked;
