package io.rdmagid.deviceplugin.query;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Readings on their way from the observing thread, which never waits. If nobody takes them, the
 * newest replaces the one before it, so that they stay few and the last one is right.
 */
final class Handover {
  /** More than a storm of events makes in three seconds. */
  static final int MOST = 64;

  private final Deque<Reading> waiting = new ArrayDeque<>();

  synchronized void put(Reading reading) {
    Reading last = waiting.size() == MOST ? waiting.pollLast() : null;
    waiting.addLast(
        last == null
            ? reading
            : new Reading(reading.inventory(), last.eventAt(), reading.readAt()));
  }

  /** The oldest that nobody took. */
  synchronized Optional<Reading> take() {
    return Optional.ofNullable(waiting.pollFirst());
  }
}
