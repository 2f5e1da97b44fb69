package io.rdmagid.deviceplugin.netlink;

import io.rdmagid.deviceplugin.posix.Errno;

/** The kernel refused a netlink operation. */
public final class NetlinkException extends RuntimeException {
  NetlinkException(String operation, int errno) {
    super("netlink " + operation + ": " + Errno.describe(errno));
  }
}
