package io.rdmagid.deviceplugin.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Makes native calls and reads errno right after each. It belongs to the platform thread that made
 * it: its segment is confined, so the JDK refuses any other thread.
 */
public final class CallState implements AutoCloseable {
  private static final long ERRNO_OFFSET =
      Linker.Option.captureStateLayout().byteOffset(MemoryLayout.PathElement.groupElement("errno"));

  private final Arena arena;
  private final MemorySegment state;

  /**
   * Takes the calling thread as the owner.
   *
   * @throws IllegalStateException on a virtual thread, where a native call would stall its carrier
   */
  @SuppressWarnings("MustBeClosedChecker") // close() does
  public CallState() {
    if (Thread.currentThread().isVirtual()) {
      throw new IllegalStateException("native calls belong on a platform thread");
    }
    arena = Arena.ofConfined();
    state = arena.allocate(Linker.Option.captureStateLayout());
  }

  /** A downcall that has been given the segment for errno. */
  @FunctionalInterface
  public interface Call {
    /** Makes the call with the segment that receives errno as its first argument. */
    long with(MemorySegment errno) throws Throwable;
  }

  /** Memory that lives as long as this object. */
  public Arena arena() {
    return arena;
  }

  /**
   * Makes a call of the form "a negative result means errno", again for as long as it is
   * interrupted (EINTR).
   *
   * @return the result, or errno as a negative number
   */
  public long call(Call call) {
    while (true) {
      long result = once(call);
      if (result >= 0) {
        return result;
      }
      int errno = errno();
      if (errno != Errno.EINTR.code()) {
        return -errno;
      }
    }
  }

  /**
   * Makes a call whose result says nothing of errno; {@link #errno} is valid until the next call.
   */
  public long once(Call call) {
    try {
      return call.with(state);
    } catch (Throwable e) {
      throw thrown(e);
    }
  }

  /**
   * What a downcall threw, to be thrown on: its handle declares any Throwable, and a C function
   * throws none.
   *
   * @throws Error if it is one
   */
  public static RuntimeException thrown(Throwable e) {
    return switch (e) {
      case RuntimeException unchecked -> unchecked;
      case Error error -> throw error;
      default -> throw new AssertionError("a method handle of a C function threw", e);
    };
  }

  /** errno as the last call left it. */
  public int errno() {
    return state.get(ValueLayout.JAVA_INT, ERRNO_OFFSET);
  }

  @Override
  public void close() {
    arena.close();
  }
}
