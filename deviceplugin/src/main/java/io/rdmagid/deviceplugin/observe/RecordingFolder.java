package io.rdmagid.deviceplugin.observe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A folder of recordings: which of its files are some. */
public final class RecordingFolder {
  private RecordingFolder() {}

  /**
   * All {@code *.json} in it, by name.
   *
   * @throws IOException if the folder cannot be read
   */
  public static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> found = Files.list(folder)) {
      return found.filter(RecordingFolder::isRecording).sorted().toList();
    }
  }

  /** Whether a file of that name counts. */
  static boolean isRecording(Path name) {
    return name.toString().endsWith(".json");
  }
}
