package io.rdmagid.deviceplugin.cluster;

import io.rdmagid.deviceplugin.pace.Doubling;
import io.rdmagid.deviceplugin.pace.Jitter;
import java.time.Duration;

/** How long to wait after a failure, so that the agents of a cluster do not come back together. */
final class Pauses {
  private static final Duration FIRST = Duration.ofSeconds(1);

  private final Jitter jitter;

  Pauses(Jitter jitter) {
    this.jitter = jitter;
  }

  /**
   * The pause after a failure: a second, then twice that each time, with up to a fifth on top.
   *
   * @param failures how many went before it without a success
   */
  Duration afterFailure(int failures, Duration longest) {
    return jitter.lengthen(new Doubling(FIRST, longest).after(failures));
  }
}
