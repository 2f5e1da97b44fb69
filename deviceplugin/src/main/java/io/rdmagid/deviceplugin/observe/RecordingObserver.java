package io.rdmagid.deviceplugin.observe;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Clock;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the inventory of a recording, or of each in a folder, and again when the file changes. A
 * file that turns invalid is told of once and leaves its inventory as it was. So does a recording
 * that is gone; of a folder it is told as gone and then forgotten, since names can come and go
 * without end. {@link #run} is the whole life of its thread; {@link #stop} may come from any
 * thread.
 */
public final class RecordingObserver implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(RecordingObserver.class);

  private final Path folder;
  private final WatchService watch;
  private final Predicate<Path> wanted;
  private final Function<Path, RecordedFile> made;

  /** Whether what is gone is forgotten. */
  private final boolean forgets;

  /** By name in the folder. */
  private final SortedMap<Path, RecordedFile> files = new TreeMap<>();

  /**
   * Watches the folder of the file.
   *
   * @throws UncheckedIOException if the folder cannot be watched
   */
  public RecordingObserver(Path file, InventoryListener listener, Clock clock) {
    this(
        file.toAbsolutePath().resolveSibling("").normalize(),
        file.getFileName()::equals,
        _ -> new RecordedFile(file, listener, clock),
        false);
    // One that is not there is missed, too.
    files.put(file.getFileName(), made.apply(file.getFileName()));
  }

  private RecordingObserver(
      Path folder, Predicate<Path> wanted, Function<Path, RecordedFile> made, boolean forgets) {
    this.folder = folder;
    this.wanted = wanted;
    this.made = made;
    this.forgets = forgets;
    try {
      watch = folder.getFileSystem().newWatchService();
    } catch (IOException e) {
      throw unwatched(folder, e);
    }
    try {
      WatchKey _ =
          folder.register(
              watch,
              StandardWatchEventKinds.ENTRY_CREATE,
              StandardWatchEventKinds.ENTRY_MODIFY,
              StandardWatchEventKinds.ENTRY_DELETE);
    } catch (IOException e) {
      stop();
      throw unwatched(folder, e);
    }
  }

  private static UncheckedIOException unwatched(Path folder, IOException e) {
    return new UncheckedIOException(folder + " cannot be watched: " + e, e);
  }

  /**
   * Watches all recordings of a folder, those that come later included.
   *
   * @param listeners who learns of a file, asked once for each, and again for one that comes after
   *     it was gone
   * @throws UncheckedIOException if the folder cannot be watched
   */
  public static RecordingObserver ofFolder(
      Path folder, Function<Path, InventoryListener> listeners, Clock clock) {
    return new RecordingObserver(
        folder,
        RecordingFolder::isRecording,
        name -> {
          Path file = folder.resolve(name);
          return new RecordedFile(file, listeners.apply(file), clock);
        },
        true);
  }

  /** Ends {@link #run} soon. */
  public void stop() {
    try {
      watch.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void run() {
    try {
      readAll();
      while (true) {
        WatchKey key = watch.take();
        Set<Path> changed = new TreeSet<>();
        boolean lost = false;
        for (WatchEvent<?> event : key.pollEvents()) {
          // OVERFLOW has no context: events were lost, of ours perhaps among them.
          if (event.context() instanceof Path name) {
            changed.add(name);
          } else {
            lost = true;
          }
        }
        if (!key.reset()) {
          throw new NoSuchFileException(folder.toString(), null, "the folder is gone");
        }
        if (lost) {
          readAll();
        } else {
          changed.stream().filter(wanted).forEach(this::read);
        }
      }
    } catch (ClosedWatchServiceException e) {
      LOG.debug("recording no longer observed");
    } catch (IOException e) {
      throw unwatched(folder, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      stop();
    }
  }

  private void readAll() throws IOException {
    Set<Path> names = new TreeSet<>(files.keySet());
    RecordingFolder.files(folder).forEach(file -> names.add(file.getFileName()));
    names.stream().filter(wanted).forEach(this::read);
  }

  private void read(Path name) {
    // A link to nowhere is there: that it cannot be read is a problem of it.
    if (forgets && Files.notExists(folder.resolve(name), LinkOption.NOFOLLOW_LINKS)) {
      RecordedFile gone = files.remove(name);
      if (gone != null) {
        gone.tellGone();
      }
      return;
    }
    files.computeIfAbsent(name, made).read();
  }
}
