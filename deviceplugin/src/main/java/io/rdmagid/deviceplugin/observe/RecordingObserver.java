package io.rdmagid.deviceplugin.observe;

import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.recording.Recording;
import io.rdmagid.deviceplugin.recording.RecordingReader;
import io.rdmagid.deviceplugin.recording.RecordingResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the inventory of a recording, and again when the file changes. A file that turns invalid is
 * told of once and leaves the inventory as it was. {@link #run} is the whole life of its thread;
 * {@link #stop} may come from any thread.
 */
public final class RecordingObserver implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(RecordingObserver.class);

  private final Path file;
  private final InventoryListener listener;
  private final Clock clock;
  private final WatchService watch;
  private @Nullable Inventory published;
  private List<String> problems = List.of();

  /**
   * Watches the folder of the file.
   *
   * @throws UncheckedIOException if the folder cannot be watched
   */
  public RecordingObserver(Path file, InventoryListener listener, Clock clock) {
    this.file = file.toAbsolutePath();
    this.listener = listener;
    this.clock = clock;
    try {
      watch = this.file.getFileSystem().newWatchService();
      Path folder = this.file.resolveSibling("").normalize();
      folder.register(
          watch,
          StandardWatchEventKinds.ENTRY_CREATE,
          StandardWatchEventKinds.ENTRY_MODIFY,
          StandardWatchEventKinds.ENTRY_DELETE);
    } catch (IOException e) {
      throw new UncheckedIOException("the folder of " + file + " cannot be watched", e);
    }
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
      read();
      while (true) {
        WatchKey key = watch.take();
        boolean ours =
            // OVERFLOW has no context: events were lost, ours perhaps among them.
            key.pollEvents().stream()
                .anyMatch(event ->
                    event.kind().equals(StandardWatchEventKinds.OVERFLOW)
                        || file.getFileName().equals(event.context()));
        key.reset();
        if (ours) {
          read();
        }
      }
    } catch (ClosedWatchServiceException e) {
      LOG.debug("recording no longer observed");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void read() {
    Instant eventAt = clock.instant();
    switch (RecordingReader.read(file)) {
      case RecordingResult.Valid(Recording recording) -> {
        tell(List.of());
        Inventory inventory = recording.inventory();
        if (!inventory.equals(published)) {
          published = inventory;
          listener.changed(inventory, eventAt, clock.instant());
        }
      }
      case RecordingResult.Invalid(List<String> found) -> tell(found);
    }
  }

  /** Once for as long as they stay the same: each write of a file can be several events. */
  private void tell(List<String> found) {
    if (found.equals(problems)) {
      return;
    }
    problems = found;
    if (found.isEmpty()) {
      LOG.atInfo().addKeyValue("file", file).log("recording sound again");
    } else {
      LOG.atWarn()
          .addKeyValue("file", file)
          .addKeyValue("problems", found)
          .log("recording refused");
    }
    listener.problems(found);
  }
}
