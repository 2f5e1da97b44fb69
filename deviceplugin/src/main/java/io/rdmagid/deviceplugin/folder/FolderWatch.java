package io.rdmagid.deviceplugin.folder;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tells what happens in folders, those of inotify(7). A thread of its own waits for the kernel; the
 * methods may be called by any thread.
 */
public final class FolderWatch implements AutoCloseable {
  private final List<Path> folders;
  private final Listener listener;
  private final WatchService service;
  private final Thread thread;
  private final Set<Path> watched = ConcurrentHashMap.newKeySet();

  /** What happened. */
  public enum Happening {
    /** A file was made, or moved here. */
    MADE,
    /** A file's content or attributes changed. */
    CHANGED,
    /** A file was removed, or moved elsewhere. */
    REMOVED,
    /** Too much for the kernel to tell: anything may have happened. */
    LOST,
    /** The folder itself is gone, and not watched any more. */
    FOLDER_GONE
  }

  /** Called by the watch's thread. */
  @FunctionalInterface
  public interface Listener {
    /**
     * Something happened.
     *
     * @param file its name in the folder; empty where none is named
     */
    void happened(Happening happening, String file);
  }

  private FolderWatch(String thread, List<Path> folders, Listener listener) throws IOException {
    this.folders = List.copyOf(folders);
    this.listener = listener;
    this.service = FileSystems.getDefault().newWatchService();
    this.thread = Thread.ofPlatform().name(thread).daemon().unstarted(this::run);
  }

  /**
   * Starts the thread; {@link #watch} starts to watch.
   *
   * @param thread its name
   * @throws IOException if the kernel refuses
   */
  public static FolderWatch start(String thread, List<Path> folders, Listener listener)
      throws IOException {
    FolderWatch watch = new FolderWatch(thread, folders, listener);
    watch.thread.start();
    return watch;
  }

  /**
   * Sees to it that the folders are watched. One that is not there cannot be: it may come yet.
   *
   * @return those that were not watched before
   */
  public List<Path> watch() {
    List<Path> begun = new ArrayList<>();
    for (Path folder : folders) {
      if (watched.add(folder) && begin(folder)) {
        begun.add(folder);
      }
    }
    return begun;
  }

  /** Whether all folders are watched. */
  public boolean watchesAll() {
    return watched.containsAll(folders);
  }

  /** Ends the thread. */
  @Override
  public void close() throws IOException {
    service.close();
  }

  private boolean begin(Path folder) {
    try {
      folder.register(service, ENTRY_CREATE, ENTRY_MODIFY, ENTRY_DELETE);
      return true;
    } catch (IOException e) {
      watched.remove(folder);
      return false;
    }
  }

  private void run() {
    try {
      while (true) {
        WatchKey key = service.take();
        key.pollEvents().forEach(this::tell);
        if (!key.reset() && key.watchable() instanceof Path folder) {
          watched.remove(folder);
          listener.happened(Happening.FOLDER_GONE, "");
        }
      }
    } catch (ClosedWatchServiceException e) {
      // The end, by close.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void tell(WatchEvent<?> event) {
    String file = event.context() instanceof Path name ? name.toString() : "";
    listener.happened(happening(event.kind()), file);
  }

  private static Happening happening(WatchEvent.Kind<?> kind) {
    if (kind.equals(ENTRY_CREATE)) {
      return Happening.MADE;
    }
    if (kind.equals(ENTRY_MODIFY)) {
      return Happening.CHANGED;
    }
    return kind.equals(ENTRY_DELETE) ? Happening.REMOVED : Happening.LOST;
  }
}
