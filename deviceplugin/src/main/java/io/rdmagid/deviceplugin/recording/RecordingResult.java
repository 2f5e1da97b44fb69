package io.rdmagid.deviceplugin.recording;

import io.rdmagid.deviceplugin.inventory.Inventory;
import java.util.List;
import java.util.Map;

/** What became of reading a recording. */
public sealed interface RecordingResult {
  /**
   * The recording is sound.
   *
   * @param environment the variables that a program sees on the node
   */
  record Valid(Inventory inventory, Map<String, String> environment) implements RecordingResult {
    public Valid {
      environment = Map.copyOf(environment);
    }
  }

  /**
   * It is not.
   *
   * @param problems all of them, each with its path, such as {@code devices[0].ports[0].gids[2].gid
   *     is not a GID: 'x'}
   */
  record Invalid(List<String> problems) implements RecordingResult {
    public Invalid {
      problems = List.copyOf(problems);
    }
  }
}
