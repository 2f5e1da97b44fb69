package io.rdmagid.deviceplugin.observe;

import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.recording.Recording;
import io.rdmagid.deviceplugin.recording.RecordingReader;
import io.rdmagid.deviceplugin.recording.RecordingResult;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A recording with what was last read of it, and who learns of it. A file that turns invalid is
 * told of once and leaves the inventory as it was. Belongs to the observing thread.
 */
final class RecordedFile {
  private static final Logger LOG = LoggerFactory.getLogger(RecordedFile.class);

  private final Path file;
  private final InventoryListener listener;
  private final Clock clock;
  private @Nullable Inventory published;
  private List<String> problems = List.of();

  RecordedFile(Path file, InventoryListener listener, Clock clock) {
    this.file = file;
    this.listener = listener;
    this.clock = clock;
  }

  /** Reads it, and tells what differs from the reading before. */
  void read() {
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

  /** It is not there any more, and nothing follows. */
  void tellGone() {
    LOG.atInfo().addKeyValue("file", file).log("recording gone");
    listener.gone();
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
