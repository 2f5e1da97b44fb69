package io.rdmagid.deviceplugin.netlink;

import io.rdmagid.deviceplugin.posix.Errno;

/** The kernel refused a netlink operation, or one that leads to it. */
public final class NetlinkException extends RuntimeException {
  private final String operation;
  private final int errno;

  NetlinkException(String operation, int errno) {
    super("netlink " + operation + ": " + Errno.describe(errno));
    this.operation = "netlink " + operation;
    this.errno = errno;
  }

  /**
   * Gives a result back, unless it is a refusal.
   *
   * @param operation for the exception
   * @param result of a native call, errno negated where the kernel refused
   */
  static int check(String operation, long result) {
    if (result < 0) {
      throw new NetlinkException(operation, (int) -result);
    }
    return (int) result;
  }

  /** What was refused, for people. */
  String operation() {
    return operation;
  }

  /** Why, as errno(3) counts. */
  public int errno() {
    return errno;
  }
}
