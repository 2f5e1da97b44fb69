package io.rdmagid.deviceplugin.observe;

import io.rdmagid.deviceplugin.posix.Errno;
import io.rdmagid.deviceplugin.posix.FileDescriptors;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;

/** Tells by inotify(7) when device nodes come and go. It belongs to the observing thread. */
final class DeviceNodes implements AutoCloseable {
  private static final int IN_CREATE = 0x100;
  private static final int IN_DELETE = 0x200;
  private static final int BUFFER = 16 * 1024;

  private final FileDescriptors descriptors;
  private final Path folder;
  private final int inotify;
  private boolean watching;

  /**
   * Starts to watch.
   *
   * @param folder usually /dev/infiniband; until it is there, its parent is watched for it
   * @throws IllegalStateException if the kernel refuses
   */
  DeviceNodes(FileDescriptors descriptors, Path folder) {
    this.descriptors = descriptors;
    this.folder = folder;
    this.inotify = checked(descriptors.inotify(), "inotify_init1");
    if (!watchFolder()) {
      checked(
          descriptors.watch(inotify, folder.resolveSibling("").toString(), IN_CREATE),
          "inotify_add_watch");
    }
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

  private boolean watchFolder() {
    watching =
        watching || descriptors.watch(inotify, folder.toString(), IN_CREATE | IN_DELETE) >= 0;
    return watching;
  }

  private static int checked(int result, String operation) {
    if (result < 0) {
      throw new IllegalStateException(operation + ": " + Errno.describe(-result));
    }
    return result;
  }
}
