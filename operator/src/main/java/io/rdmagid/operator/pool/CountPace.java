package io.rdmagid.operator.pool;

import io.rdmagid.api.v1alpha1.RdmaGidPoolStatus;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * When the counts in a pool's status may be written where nothing else of it changes. Each agent of
 * the cluster watches the pools, and needs none of their counts: a write of one is an event for
 * 5,000. The first change after a quiet time is written at once, of counts that keep changing the
 * newest at a pace that slows down. Known to this process only. Safe for use by any thread, of one
 * pool by one at a time.
 */
final class CountPace {
  /** Between the first two writes. */
  static final Duration SHORTEST = Duration.ofSeconds(1);

  /**
   * Between two writes at last: of ten pools that all change without end, 5,000 agents hear 1,700
   * times a second. People who look see what was so half a minute ago.
   */
  static final Duration LONGEST = Duration.ofSeconds(30);

  private final Clock clock;
  private final ConcurrentMap<String, Written> pools = new ConcurrentHashMap<>();

  /**
   * A write of counts.
   *
   * @param window that has to pass until the next
   */
  private record Written(Instant at, Duration window) {}

  CountPace(Clock clock) {
    this.clock = clock;
  }

  /**
   * Whether two statuses that differ do so in counts only. That pods hold ports, or none does, is
   * more than a count: by it the API server tells whether {@code podsPerPort} may change.
   */
  static boolean areAllThatDiffers(RdmaGidPoolStatus one, RdmaGidPoolStatus other) {
    return isHeld(one) == isHeld(other)
        && new RdmaGidPoolStatus(
                one.effective(),
                other.nodes(),
                other.ports(),
                other.healthy(),
                other.allocated(),
                one.failover(),
                one.conditions())
            .equals(other);
  }

  private static boolean isHeld(RdmaGidPoolStatus status) {
    return status.allocated() != null && status.allocated() > 0;
  }

  /**
   * How long to wait yet before a pool's counts are written. Empty for not at all: then they are
   * taken to be written now.
   */
  Optional<Duration> left(String pool) {
    Instant now = clock.instant();
    Written before = pools.get(pool);
    if (before == null) {
      pools.put(pool, new Written(now, SHORTEST));
      return Optional.empty();
    }
    Duration since = Duration.between(before.at(), now);
    // A clock that was set back is no reason to wait.
    if (!since.isNegative() && since.compareTo(before.window()) < 0) {
      return Optional.of(before.window().minus(since));
    }
    boolean quiet = since.compareTo(before.window().plus(LONGEST)) >= 0;
    pools.put(pool, new Written(now, quiet ? SHORTEST : twice(before.window())));
    return Optional.empty();
  }

  private static Duration twice(Duration window) {
    Duration twice = window.multipliedBy(2);
    return twice.compareTo(LONGEST) > 0 ? LONGEST : twice;
  }

  /** The pool is gone. */
  void forget(String pool) {
    pools.remove(pool);
  }
}
