package io.rdmagid.deviceplugin.posix;

import java.util.Arrays;

/**
 * The error numbers that rdmagid meets, as Linux has them on x86-64 and arm64
 * (asm-generic/errno.h).
 */
public enum Errno {
  EPERM(1, "not permitted"),
  ENOENT(2, "no such file or device"),
  EINTR(4, "interrupted"),
  EIO(5, "the device is being removed"),
  ENXIO(6, "the device is being removed"),
  EAGAIN(11, "try again"),
  ENOMEM(12, "out of memory"),
  EACCES(13, "access denied"),
  EFAULT(14, "bad address"),
  EBUSY(16, "busy"),
  ENODEV(19, "no such device"),
  ENOTDIR(20, "not a folder"),
  EINVAL(22, "invalid argument"),
  ENFILE(23, "too many open files on the node"),
  EMFILE(24, "too many open files"),
  ENOTTY(25, "not supported by this kernel"),
  ENOSYS(38, "no such function"),
  ENODATA(61, "the slot is empty"),
  EPROTONOSUPPORT(93, "not supported by this kernel"),
  EOPNOTSUPP(95, "not supported by this provider"),
  ENOBUFS(105, "messages were lost"),
  ETIMEDOUT(110, "timed out");

  private final int code;
  private final String meaning;

  Errno(int code, String meaning) {
    this.code = code;
    this.meaning = meaning;
  }

  /** The number. */
  public int code() {
    return code;
  }

  /** Name, number and meaning for people, such as {@code EIO (5): the device is being removed}. */
  public static String describe(int code) {
    return Arrays.stream(values())
        .filter(errno -> errno.code == code)
        .findFirst()
        .map(errno -> errno.name() + " (" + code + "): " + errno.meaning)
        .orElse("errno " + code);
  }
}
