package io.rdmagid.deviceplugin.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;

/**
 * Calls on file descriptors: open(2), poll(2), read(2), close(2), fcntl(2), inotify(7). An instance
 * belongs to the platform thread that made it. Results below zero are errno, negated.
 */
public final class FileDescriptors implements AutoCloseable {
  private static final NativeLibrary LIBC = NativeLibrary.libc();
  private static final MethodHandle OPEN =
      LIBC.variadic("open", 2, FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle POLL =
      LIBC.function("poll", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
  private static final MethodHandle READ =
      LIBC.function("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
  private static final MethodHandle CLOSE =
      LIBC.function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  private static final MethodHandle FCNTL =
      LIBC.variadic("fcntl", 2, FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle INOTIFY_INIT =
      LIBC.function("inotify_init1", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  private static final MethodHandle INOTIFY_ADD_WATCH =
      LIBC.function(
          "inotify_add_watch", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));

  private static final int F_GETFL = 3;
  private static final int F_SETFL = 4;
  private static final int O_RDONLY = 0;
  private static final int O_RDWR = 2;
  private static final int O_NONBLOCK = 0x800;
  private static final int O_CLOEXEC = 0x80000;
  private static final int POLLFD_SIZE = 8; // poll.h: int fd, short events, short revents
  private static final short POLLIN = 1;

  private final CallState calls = new CallState();

  /**
   * Waits until one of the descriptors has something to read, an error or a hang-up.
   *
   * @param timeoutMillis how long at most; -1 for ever
   * @return those that have, in the order given; empty after the time-out
   * @throws IllegalStateException if poll itself fails
   */
  public List<Integer> poll(List<Integer> descriptors, int timeoutMillis) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment set = arena.allocate((long) POLLFD_SIZE * descriptors.size(), 4);
      for (int i = 0; i < descriptors.size(); i++) {
        set.set(JAVA_INT, (long) i * POLLFD_SIZE, descriptors.get(i));
        set.set(JAVA_SHORT, (long) i * POLLFD_SIZE + 4, POLLIN);
      }
      long result =
          calls.call(errno ->
              (int) POLL.invokeExact(errno, set, (long) descriptors.size(), timeoutMillis));
      if (result < 0) {
        throw new IllegalStateException("poll: " + Errno.describe((int) -result));
      }
      List<Integer> ready = new ArrayList<>();
      for (int i = 0; i < descriptors.size(); i++) {
        if (set.get(JAVA_SHORT, (long) i * POLLFD_SIZE + 6) != 0) {
          ready.add(descriptors.get(i));
        }
      }
      return ready;
    }
  }

  /** open(2) for reading: a descriptor that a new program does not get, or errno negated. */
  public int open(String path) {
    return open(path, O_RDONLY);
  }

  /** The same for reading and writing. */
  public int openToWrite(String path) {
    return open(path, O_RDWR);
  }

  private int open(String path, int access) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = arena.allocateFrom(path);
      return (int) calls.call(errno -> (int) OPEN.invokeExact(errno, text, access | O_CLOEXEC));
    }
  }

  /** read(2): the number of bytes, 0 at the end, or errno negated. */
  public long read(int descriptor, MemorySegment buffer) {
    return calls.call(
        errno -> (long) READ.invokeExact(errno, descriptor, buffer, buffer.byteSize()));
  }

  /** Makes reads return EAGAIN in place of waiting. */
  public long setNonBlocking(int descriptor) {
    long flags = calls.call(errno -> (int) FCNTL.invokeExact(errno, descriptor, F_GETFL, 0));
    if (flags < 0) {
      return flags;
    }
    return calls.call(
        errno -> (int) FCNTL.invokeExact(errno, descriptor, F_SETFL, (int) flags | O_NONBLOCK));
  }

  /** close(2). */
  public long close(int descriptor) {
    // Not again after EINTR: Linux has closed the descriptor by then, and the number may be
    // somebody else's (close(2)).
    return calls.once(errno -> (int) CLOSE.invokeExact(errno, descriptor));
  }

  /** inotify_init1(2), non-blocking: a descriptor, or errno negated. */
  public int inotify() {
    return (int) calls.call(errno -> (int) INOTIFY_INIT.invokeExact(errno, O_NONBLOCK | O_CLOEXEC));
  }

  /** inotify_add_watch(2): a watch number, or errno negated. */
  public int watch(int inotify, String path, int mask) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = arena.allocateFrom(path);
      return (int)
          calls.call(errno -> (int) INOTIFY_ADD_WATCH.invokeExact(errno, inotify, text, mask));
    }
  }

  @Override
  public void close() {
    calls.close();
  }
}
