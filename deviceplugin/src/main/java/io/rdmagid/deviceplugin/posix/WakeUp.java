package io.rdmagid.deviceplugin.posix;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;

/**
 * An eventfd(2) by which any thread ends the {@link FileDescriptors#poll} of the one that owns it:
 * {@code Thread.interrupt} does not. {@link #signal} is the one native call that may run on a
 * virtual thread: the counter cannot fill up, so it never waits.
 */
public final class WakeUp {
  private static final NativeLibrary LIBC = NativeLibrary.libc();
  private static final MethodHandle EVENTFD =
      LIBC.function("eventfd", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle EVENTFD_WRITE =
      LIBC.functionWithoutErrno(
          "eventfd_write", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG));
  private static final int EFD_NONBLOCK = 0x800;
  private static final int EFD_CLOEXEC = 0x80000;

  private final int descriptor;

  private WakeUp(int descriptor) {
    this.descriptor = descriptor;
  }

  /**
   * Makes an eventfd; the caller closes {@link #descriptor} when nobody signals any more.
   *
   * @throws IllegalStateException if the kernel refuses
   */
  public static WakeUp create() {
    try (CallState calls = new CallState()) {
      long result =
          calls.call(errno -> (int) EVENTFD.invokeExact(errno, 0, EFD_NONBLOCK | EFD_CLOEXEC));
      if (result < 0) {
        throw new IllegalStateException("eventfd: " + Errno.describe((int) -result));
      }
      return new WakeUp((int) result);
    }
  }

  /** The descriptor to poll; reading it takes the signal back. */
  public int descriptor() {
    return descriptor;
  }

  /** Makes {@link #descriptor} readable. Any thread. */
  public void signal() {
    try {
      int _ = (int) EVENTFD_WRITE.invokeExact(descriptor, 1L);
    } catch (Throwable e) {
      throw new AssertionError("eventfd_write threw", e);
    }
  }
}
