/** What server and clients of the query service agree on: the inventory as messages. Pure. */
@NullMarked
package io.rdmagid.deviceplugin.wire;

import org.jspecify.annotations.NullMarked;
