package io.rdmagid.deviceplugin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The recordings among the test resources, and the samples. */
public final class Recordings {
  private static final Path SAMPLES = Path.of("../samples");

  private Recordings() {}

  /** Those that people try the command with, by name. */
  public static List<Path> samples() {
    try (Stream<Path> files = Files.list(SAMPLES)) {
      return files.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Two ports: one active with five entries, one of them a pod's; one down without any. */
  public static Path twoPorts() {
    try {
      return Path.of(
          Objects.requireNonNull(Recordings.class.getResource("/recordings/mlx5-two-ports.json"))
              .toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }
}
