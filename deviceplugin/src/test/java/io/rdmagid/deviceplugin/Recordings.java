package io.rdmagid.deviceplugin;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Objects;

/** The recordings among the test resources. */
public final class Recordings {
  private Recordings() {}

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
