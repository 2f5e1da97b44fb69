package io.rdmagid.deviceplugin.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * An extended attribute of files that holds a text (xattr(7)); the JDK reaches those of users only.
 * Links are not followed. It belongs to the platform thread that made it.
 */
final class ExtendedAttribute implements AutoCloseable {
  private static final NativeLibrary LIBC = NativeLibrary.libc();
  private static final MethodHandle GET =
      LIBC.function(
          "lgetxattr", FunctionDescriptor.of(JAVA_LONG, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG));
  private static final MethodHandle SET =
      LIBC.function(
          "lsetxattr",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT));
  private static final int MOST = 4096;

  private final CallState calls = new CallState();
  private final MemorySegment name;
  private final MemorySegment buffer = calls.arena().allocate(MOST);

  /** Such as {@code security.selinux}. */
  ExtendedAttribute(String name) {
    this.name = calls.arena().allocateFrom(name);
  }

  /** The text without its end; empty where the file has none of at most 4,096 bytes. */
  Optional<String> of(Path file) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment path = arena.allocateFrom(file.toString());
      long length =
          calls.call(errno -> (long) GET.invokeExact(errno, path, name, buffer, (long) MOST));
      if (length < 0) {
        return Optional.empty();
      }
      String text =
          new String(buffer.asSlice(0, length).toArray(JAVA_BYTE), StandardCharsets.UTF_8);
      return Optional.of(text.endsWith("\0") ? text.substring(0, text.length() - 1) : text);
    }
  }

  /** Sets the text and its end, as libselinux does. Gives 0 or errno. */
  int set(Path file, String text) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment path = arena.allocateFrom(file.toString());
      MemorySegment value = arena.allocateFrom(text);
      return (int)
          -calls.call(
              errno -> (int) SET.invokeExact(errno, path, name, value, value.byteSize(), 0));
    }
  }

  @Override
  public void close() {
    calls.close();
  }
}
