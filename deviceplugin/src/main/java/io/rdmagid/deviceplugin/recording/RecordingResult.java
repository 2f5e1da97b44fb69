package io.rdmagid.deviceplugin.recording;

import java.util.List;

/** What became of reading a recording. */
public sealed interface RecordingResult {
  /** The recording is sound. */
  record Valid(Recording recording) implements RecordingResult {}

  /**
   * It is not.
   *
   * @param problems the first 1,000 and the number of the others, each with its path, such as
   *     {@code devices[0].ports[0].gids[2].gid is not a GID: 'x'}
   */
  record Invalid(List<String> problems) implements RecordingResult {
    public Invalid {
      problems = List.copyOf(problems);
    }
  }
}
