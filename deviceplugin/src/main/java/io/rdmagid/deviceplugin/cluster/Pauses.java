package io.rdmagid.deviceplugin.cluster;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** How long to wait, so that the agents of a cluster do not come back together. */
final class Pauses {
  private static final Duration FIRST = Duration.ofSeconds(1);

  private Pauses() {}

  /**
   * The pause after a failure: a second, then twice that each time, with up to a fifth on top.
   *
   * @param failures how many went before it without a success
   */
  static Duration afterFailure(int failures, Duration longest) {
    long doubled = FIRST.toMillis() << Math.min(failures, 10);
    return jittered(Duration.ofMillis(Math.min(doubled, longest.toMillis())));
  }

  /** With up to a fifth on top. */
  static Duration jittered(Duration base) {
    return base.plusNanos(ThreadLocalRandom.current().nextLong(base.toNanos() / 5 + 1));
  }
}
