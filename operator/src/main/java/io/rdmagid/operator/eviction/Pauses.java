package io.rdmagid.operator.eviction;

import io.rdmagid.operator.failover.Situation;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * When to try again what was refused: as the server says, else after pauses that grow. Not
 * thread-safe.
 */
final class Pauses {
  static final Duration FIRST = Duration.ofSeconds(5);
  static final Duration LONGEST = Duration.ofMinutes(5);

  private record Tries(int count, Situation.Pause pause) {}

  private final Map<String, Tries> tries = new HashMap<>();

  /** The pauses by group. */
  Map<String, Situation.Pause> all() {
    Map<String, Situation.Pause> all = new HashMap<>();
    tries.forEach((uid, some) -> all.put(uid, some.pause()));
    return all;
  }

  /** After a refusal. */
  void pause(String uid, String reason, Optional<Duration> retryAfter, Instant now) {
    int count = tries.containsKey(uid) ? tries.get(uid).count() + 1 : 0;
    Duration grown = FIRST.multipliedBy(1L << Math.min(count, 10));
    Duration length =
        retryAfter
            .filter(Duration::isPositive)
            .orElse(grown.compareTo(LONGEST) < 0 ? grown : LONGEST);
    tries.put(uid, new Tries(count, new Situation.Pause(now.plus(length), reason)));
  }

  /** Until a time that is known. */
  void pauseUntil(String uid, String reason, Instant until) {
    tries.put(uid, new Tries(0, new Situation.Pause(until, reason)));
  }

  /** Forgets all groups but these. */
  void retain(Set<String> uids) {
    tries.keySet().retainAll(uids);
  }
}
