package io.rdmagid.deviceplugin.kubelet;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static java.nio.file.StandardWatchEventKinds.OVERFLOW;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;

/**
 * Tells what happens in the kubelet's folder: a kubelet that starts removes every socket there, and
 * then makes its own. A thread of its own waits for the kernel.
 */
final class FolderWatch implements AutoCloseable {
  private final Path folder;
  private final Runnable kubeletReturned;
  private final Runnable socketRemoved;
  private final WatchService service;
  private final Thread thread;
  private volatile boolean watching;

  private FolderWatch(Path folder, Runnable kubeletReturned, Runnable socketRemoved)
      throws IOException {
    this.folder = folder;
    this.kubeletReturned = kubeletReturned;
    this.socketRemoved = socketRemoved;
    this.service = folder.getFileSystem().newWatchService();
    this.thread = Thread.ofPlatform().name("kubelet-folder").daemon().unstarted(this::run);
  }

  /**
   * Starts the thread; {@link #watch} starts to watch.
   *
   * @param kubeletReturned called when the kubelet made its socket
   * @param socketRemoved called when anything was removed
   * @throws IOException if the kernel refuses
   */
  static FolderWatch start(Path folder, Runnable kubeletReturned, Runnable socketRemoved)
      throws IOException {
    FolderWatch watch = new FolderWatch(folder, kubeletReturned, socketRemoved);
    watch.thread.start();
    return watch;
  }

  /**
   * Sees to it that the folder is watched.
   *
   * @return whether it is: a folder that is not there cannot be
   */
  boolean watch() {
    if (!watching) {
      try {
        folder.register(service, ENTRY_CREATE, ENTRY_DELETE);
        watching = true;
      } catch (IOException e) {
        return false; // it may come yet
      }
    }
    return true;
  }

  /** Ends the thread. */
  @Override
  public void close() throws IOException {
    service.close();
  }

  private void run() {
    try {
      while (true) {
        WatchKey key = service.take();
        key.pollEvents().forEach(this::tell);
        if (!key.reset()) {
          watching = false; // the folder itself is gone
          socketRemoved.run();
        }
      }
    } catch (ClosedWatchServiceException e) {
      // The end, by close.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void tell(WatchEvent<?> event) {
    boolean created = event.kind().equals(ENTRY_CREATE) && isKubelet(event);
    if (created || event.kind().equals(OVERFLOW)) {
      kubeletReturned.run();
    } else if (event.kind().equals(ENTRY_DELETE)) {
      socketRemoved.run();
    }
  }

  private static boolean isKubelet(WatchEvent<?> event) {
    return event.context() instanceof Path name && name.toString().equals(SocketNames.KUBELET);
  }
}
