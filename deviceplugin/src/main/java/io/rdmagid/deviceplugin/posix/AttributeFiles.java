package io.rdmagid.deviceplugin.posix;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Attributes of sysfs and configfs, each by one read, and where one cannot be read, its errno: what
 * it is tells a slot that is empty from a device that goes, and the JDK's exceptions do not. It
 * belongs to the platform thread that made the descriptors.
 */
public final class AttributeFiles {
  /** An attribute is a page at most (Documentation/filesystems/sysfs.rst of the kernel). */
  public static final int PAGE = 4096;

  private final FileDescriptors descriptors;

  /**
   * Reads by these.
   *
   * @param descriptors of the same thread
   */
  public AttributeFiles(FileDescriptors descriptors) {
    this.descriptors = descriptors;
  }

  /** What a reading gave. */
  public sealed interface Attribute {
    /**
     * The attribute could be read.
     *
     * @param value without the white space around it
     */
    record Text(String value) implements Attribute {}

    /**
     * It could not.
     *
     * @param errno of open(2) or read(2)
     */
    record Unreadable(int errno) implements Attribute {}
  }

  /** Reads one attribute. */
  public Attribute read(Path file) {
    int descriptor = descriptors.open(file.toString());
    if (descriptor < 0) {
      return new Attribute.Unreadable(-descriptor);
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment page = arena.allocate(PAGE);
      long length = descriptors.read(descriptor, page);
      if (length < 0) {
        return new Attribute.Unreadable((int) -length);
      }
      byte[] bytes = page.asSlice(0, length).toArray(JAVA_BYTE);
      return new Attribute.Text(new String(bytes, StandardCharsets.UTF_8).strip());
    } finally {
      descriptors.close(descriptor);
    }
  }
}
