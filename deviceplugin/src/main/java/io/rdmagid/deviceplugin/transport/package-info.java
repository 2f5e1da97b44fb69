/** gRPC over Unix sockets, for whoever serves or calls; knows nothing of what is said. */
@NullMarked
package io.rdmagid.deviceplugin.transport;

import org.jspecify.annotations.NullMarked;
