package io.rdmagid.operator.pool;

import io.rdmagid.pool.PortRef;
import io.rdmagid.pool.RuleChoice;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * For how long what the ports of pools tell has stood still: where pools and agents come together,
 * the port that is published first is not to decide for the fleet. Known to this process only:
 * another that leads waits anew, no longer than this one would have. Safe for use by any thread.
 */
final class Settling {
  /**
   * How long nothing may change. An agent publishes its ports within a second of reading them. Of a
   * large fleet that is being installed one comes at least every second, until nearly all are
   * there; of a few nodes all wait for the same image, and 2 s are no time to who waits for a pod.
   */
  static final Duration QUIET = Duration.ofSeconds(2);

  /** How long in all: a fleet that never stands still gets its rule, too. */
  static final Duration LONGEST = Duration.ofSeconds(30);

  private final Clock clock;
  private final ConcurrentMap<String, Seen> pools = new ConcurrentHashMap<>();

  /**
   * What a pool's ports told.
   *
   * @param first when they could tell at all
   * @param since when they told this
   */
  private record Seen(
      long generation,
      Set<PortRef> ports,
      RuleChoice.Chosen choice,
      Instant first,
      Instant since) {}

  Settling(Clock clock) {
    this.clock = clock;
  }

  /**
   * How long to wait yet; empty where it has stood still for long enough.
   *
   * @param generation of the pool's spec
   * @param ports all that the pool has
   * @param choice that they lead to now
   */
  Optional<Duration> left(
      String pool, long generation, Set<PortRef> ports, RuleChoice.Chosen choice) {
    Instant now = clock.instant();
    Seen seen =
        pools.compute(
            pool,
            (_, before) ->
                before == null || before.generation() != generation
                    ? new Seen(generation, ports, choice, now, now)
                    : before.ports().equals(ports) && before.choice().equals(choice)
                        ? before
                        : new Seen(generation, ports, choice, before.first(), now));
    Instant quiet = seen.since().plus(QUIET);
    Instant longest = seen.first().plus(LONGEST);
    Duration left = Duration.between(now, quiet.isBefore(longest) ? quiet : longest);
    return left.isPositive() ? Optional.of(left) : Optional.empty();
  }

  /** The pool is gone, has its rule, or its ports tell nothing. */
  void forget(String pool) {
    pools.remove(pool);
  }
}
