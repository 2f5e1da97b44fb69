package io.rdmagid.deviceplugin.command;

import io.rdmagid.deviceplugin.observe.RecordingFolder;
import io.rdmagid.terminal.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The recordings that {@code --recording} names. */
sealed interface RecordingFiles {
  /** One, which may not be there. */
  record Single(Path file) implements RecordingFiles {}

  /**
   * Those of a folder.
   *
   * @param files by name, at least one
   */
  record Several(Path folder, List<Path> files) implements RecordingFiles {
    public Several {
      files = List.copyOf(files);
    }
  }

  /**
   * None.
   *
   * @param why a sentence
   */
  record Missing(String why, int exitCode) implements RecordingFiles {}

  /** Looks what there is. */
  static RecordingFiles of(Path recording) {
    if (!Files.isDirectory(recording)) {
      return new Single(recording);
    }
    try {
      List<Path> files = RecordingFolder.files(recording);
      return files.isEmpty()
          ? new Missing(recording + ": no *.json in this folder", ExitCode.USAGE)
          : new Several(recording, files);
    } catch (IOException e) {
      return new Missing(recording + ": cannot be read: " + e, ExitCode.REFUSED);
    }
  }
}
