/**
 * Links and addresses of a network namespace by rtnetlink(7), what RDMA netlink says, and the ways
 * into other network namespaces. Everything here belongs to the thread that made it.
 */
@NullMarked
package io.rdmagid.deviceplugin.netlink;

import org.jspecify.annotations.NullMarked;
