package io.rdmagid.deviceplugin.netlink;

import io.rdmagid.deviceplugin.posix.Errno;

/** The kernel refused a netlink operation, or one that leads to it. */
public final class NetlinkException extends RuntimeException {
  private final int errno;

  NetlinkException(String operation, int errno) {
    super("netlink " + operation + ": " + Errno.describe(errno));
    this.errno = errno;
  }

  /** Why, as errno(3) counts. */
  public int errno() {
    return errno;
  }
}
