package io.rdmagid.operator.failover;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How many evictions may be started in a window of time. A window begins with the first eviction
 * after the one before has ended.
 *
 * @param evictions at least 0
 * @param length of a window, more than 0
 */
public record Budget(int evictions, Duration length) {
  /**
   * What was started.
   *
   * @param start when the window began
   */
  public record Window(Instant start, int evictions) {}

  public Budget {
    if (evictions < 0 || !length.isPositive()) {
      throw new IllegalArgumentException("no budget: " + evictions + " in " + length);
    }
  }

  /** Until when nothing may be started; empty where something may. */
  public Optional<Instant> spentUntil(Optional<Window> window, Instant now) {
    if (evictions == 0) {
      return Optional.of(now.plus(length));
    }
    return current(window, now)
        .filter(current -> current.evictions() >= evictions)
        .map(current -> current.start().plus(length));
  }

  /** The window with one more. */
  public Window charge(Optional<Window> window, Instant now) {
    return current(window, now)
        .map(current -> new Window(current.start(), current.evictions() + 1))
        .orElseGet(() -> new Window(now, 1));
  }

  /** The window if it is not over. */
  public Optional<Window> current(Optional<Window> window, Instant now) {
    return window.filter(some -> now.isBefore(some.start().plus(length)));
  }
}
