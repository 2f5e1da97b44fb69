/**
 * Links and addresses of a network namespace by rtnetlink(7). Everything here belongs to the thread
 * that made it.
 */
@NullMarked
package io.rdmagid.deviceplugin.netlink;

import org.jspecify.annotations.NullMarked;
