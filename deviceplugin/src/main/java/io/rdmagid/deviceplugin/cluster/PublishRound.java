package io.rdmagid.deviceplugin.cluster;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/** What one round of publishing leaves to do. Not thread-safe. */
final class PublishRound {
  private final Map<String, Instant> left = new HashMap<>();
  private int refused;
  private OptionalLong dueAt = OptionalLong.empty();

  /**
   * The server refuses a change.
   *
   * @param object its name
   * @param since when the change in it came
   */
  void refused(String object, Instant since) {
    left.put(object, since);
    refused++;
  }

  /**
   * A change has to wait.
   *
   * @param since when it came
   * @param until {@code System.nanoTime}
   */
  void waits(String object, Instant since, long until) {
    left.put(object, since);
    waits(until);
  }

  /** A change has to wait, and how long does not matter. */
  void waits(long until) {
    boolean isSooner = dueAt.isEmpty() || until - dueAt.getAsLong() < 0;
    dueAt = isSooner ? OptionalLong.of(until) : dueAt;
  }

  /** When the change came in what is left, by object. */
  Map<String, Instant> left() {
    return Map.copyOf(left);
  }

  /** As the round ended. */
  ClusterPublisher.Outcome outcome() {
    return new ClusterPublisher.Outcome.Published(refused, dueAt);
  }
}
