package io.rdmagid.deviceplugin.observe;

import io.rdmagid.deviceplugin.posix.Errno;
import io.rdmagid.deviceplugin.posix.FileDescriptors;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;

/** Tells by inotify(7) when device nodes come and go. It belongs to the observing thread. */
final class DeviceNodes implements AutoCloseable {
  private static final int IN_MOVE = 0x40 | 0x80; // IN_MOVED_FROM | IN_MOVED_TO
  private static final int IN_CREATE = 0x100;
  private static final int IN_DELETE = 0x200;
  private static final int COMES_OR_GOES = IN_MOVE | IN_CREATE | IN_DELETE;
  private static final int BUFFER = 16 * 1024;

  private final FileDescriptors descriptors;
  private final Path folder;
  private final int inotify;

  /**
   * Starts to watch.
   *
   * @param folder usually /dev/infiniband; its parent is watched as well, since the folder goes
   *     with the last node in it and is another one when it comes back
   * @throws IllegalStateException if the kernel refuses
   */
  DeviceNodes(FileDescriptors descriptors, Path folder) {
    this.descriptors = descriptors;
    this.folder = folder;
    this.inotify = checked(descriptors.inotify(), "inotify_init1");
    checked(
        descriptors.watch(inotify, folder.resolveSibling("").toString(), COMES_OR_GOES),
        "inotify_add_watch");
    watchFolder();
  }

  int descriptor() {
    return inotify;
  }

  /** Takes all waiting events: whoever asked looks at the folder itself. */
  void drain() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(BUFFER, 8);
      while (descriptors.read(inotify, buffer) > 0) {
        // read on to EAGAIN
      }
    }
    watchFolder();
  }

  /** Whether a device node is there. */
  boolean exists(String uverbs) {
    return Files.exists(folder.resolve(uverbs));
  }

  @Override
  public void close() {
    descriptors.close(inotify);
  }

  /** A folder that is watched already stays so, one that was made again becomes so. */
  private void watchFolder() {
    int result = descriptors.watch(inotify, folder.toString(), COMES_OR_GOES);
    if (result != -Errno.ENOENT.code()) {
      checked(result, "inotify_add_watch");
    }
  }

  private static int checked(int result, String operation) {
    if (result < 0) {
      throw new IllegalStateException(operation + ": " + Errno.describe(-result));
    }
    return result;
  }
}
