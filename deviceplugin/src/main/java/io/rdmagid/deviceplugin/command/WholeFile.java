package io.rdmagid.deviceplugin.command;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/** Writes a file that nobody sees half written, readable by all (0644). */
final class WholeFile {
  private WholeFile() {}

  /**
   * Writes it beside its place and gives it its name then, in one step.
   *
   * @param replace whether a file that is there is replaced
   * @throws FileAlreadyExistsException if there is one and it is not to be replaced
   * @throws IOException if it cannot be written; what was there then is still there
   */
  static void write(Path file, String text, boolean replace) throws IOException {
    Path place = file.toAbsolutePath();
    Path fresh = Files.createTempFile(place.resolveSibling(""), ".rdmagid-", ".tmp");
    try {
      Files.writeString(fresh, text);
      Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-r--r--"));
      if (replace) {
        Files.move(fresh, place, StandardCopyOption.ATOMIC_MOVE);
      } else {
        Files.createLink(place, fresh); // rename(2) would replace what came meanwhile
      }
    } finally {
      Files.deleteIfExists(fresh);
    }
  }
}
