package io.rdmagid.deviceplugin.posix;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;

/** The kernel's huge pages for this process; prctl(2). */
public final class HugePages {
  private static final MethodHandle PRCTL =
      NativeLibrary.libc()
          .variadic(
              "prctl",
              1,
              FunctionDescriptor.of(
                  JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));
  private static final int PR_SET_THP_DISABLE = 41;

  private HugePages() {}

  /**
   * The kernel makes no more huge pages for this process, and nothing of it into huge pages later:
   * where they are made always, a few kilobytes of a thread's stack or of the heap take 2 MiB.
   * Those that are there stay.
   *
   * @return 0, or errno where the kernel refuses
   */
  public static int none() {
    try (CallState calls = new CallState()) {
      return (int)
          -calls.call(errno -> (int) PRCTL.invokeExact(errno, PR_SET_THP_DISABLE, 1L, 0L, 0L, 0L));
    }
  }
}
