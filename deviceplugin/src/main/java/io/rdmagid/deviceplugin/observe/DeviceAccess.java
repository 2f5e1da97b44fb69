package io.rdmagid.deviceplugin.observe;

/** How the kernel's devices are read, and with that, what tells that they change. */
public enum DeviceAccess {
  /** By libibverbs; each is open all the time, so that its events come. */
  HELD,
  /** By libibverbs; each is open only while it is read, so that any can be removed. */
  OPENED,
  /**
   * By the files of sysfs, which anybody may read: none is ever opened. It takes no device nodes,
   * no capability and no user, so nothing tells of device nodes either.
   */
  SYSFS;

  /** Whether devices are open all the time. */
  boolean staysOpen() {
    return this == HELD;
  }
}
