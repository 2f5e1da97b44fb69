package io.rdmagid.deviceplugin.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What this process holds of the node's memory beyond what it uses. It belongs to the platform
 * thread that made it.
 */
public final class ProcessMemory implements AutoCloseable {
  private static final NativeLibrary LIBC = NativeLibrary.libc();
  private static final MethodHandle MADVISE =
      LIBC.function("madvise", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
  private static final MethodHandle PRCTL =
      LIBC.variadic(
          "prctl",
          1,
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));
  private static final int PR_SET_THP_DISABLE = 41;
  private static final int MADV_DONTNEED = 4;

  private final CallState calls = new CallState();
  private final List<MappedArea> jvm;

  /**
   * Looks for what the JVM itself mapped when it started, and never maps anew: its library and its
   * class data archive. Other libraries are not looked for: one that is being loaded is for moments
   * mapped as if nobody had written to it, and then is written.
   *
   * @throws IOException if the kernel does not tell
   */
  public ProcessMemory() throws IOException {
    jvm =
        smaps().stream()
            .filter(area -> area.file().endsWith("/libjvm.so") || area.file().endsWith(".jsa"))
            .filter(MappedArea::isOnlyTheFile)
            .toList();
  }

  /** The areas of the process that are mapped from files, as they are now. */
  static List<MappedArea> smaps() throws IOException {
    return MappedArea.parse(Files.readAllLines(Path.of("/proc/self/smaps")));
  }

  /**
   * The kernel makes no more huge pages for this process, and nothing of it into huge pages later:
   * where they are made always, a few kilobytes of a thread's heap or of class data take 2 MiB.
   * Gives 0 or errno.
   */
  public int noHugePages() {
    return (int)
        -calls.call(errno -> (int) PRCTL.invokeExact(errno, PR_SET_THP_DISABLE, 1L, 0L, 0L, 0L));
  }

  /**
   * Unmaps the pages of the JVM's library and archive that nobody has written: most were needed
   * once, at the start. They stay in the page cache, from where those in use come back one by one,
   * until the kernel needs the memory. Gives 0 or the errno of the first refusal.
   */
  public int returnCleanPages() {
    for (MappedArea area : jvm) {
      MemorySegment start = MemorySegment.ofAddress(area.start());
      long result =
          calls.call(errno -> (int) MADVISE.invokeExact(errno, start, area.size(), MADV_DONTNEED));
      if (result < 0) {
        return (int) -result;
      }
    }
    return 0;
  }

  @Override
  public void close() {
    calls.close();
  }
}
