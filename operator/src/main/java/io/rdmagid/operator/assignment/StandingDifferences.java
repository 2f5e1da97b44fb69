package io.rdmagid.operator.assignment;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * For how long differences have stood, so that the moment between two writes of an agent is none.
 * Safe for use by any thread.
 */
final class StandingDifferences {
  /** How long nothing may change before a difference counts: an agent's writes have a pace. */
  static final Duration GRACE = Duration.ofSeconds(30);

  private final Clock clock;
  private final ConcurrentMap<String, Pod> pods = new ConcurrentHashMap<>();

  /** The differences of a pod, each since when, and whether any of them counts. */
  private record Pod(Map<Difference, Instant> since, boolean disagrees) {}

  /**
   * What was found.
   *
   * @param standing the differences that count
   * @param again when to look again if nothing happens until then; empty where there is no need
   */
  record Look(List<Difference> standing, Optional<Duration> again) {
    Look {
      standing = List.copyOf(standing);
    }
  }

  StandingDifferences(Clock clock) {
    this.clock = clock;
  }

  /**
   * Looks at a pod.
   *
   * @param differences all that there are now
   * @param shown whether the pod shows that there are some: those of now count at once then, so
   *     that an operator that starts anew takes nothing back
   */
  Look look(String podUid, List<Difference> differences, boolean shown) {
    if (differences.isEmpty()) {
      forget(podUid);
      return new Look(List.of(), Optional.empty());
    }
    Instant now = clock.instant();
    Pod before = pods.getOrDefault(podUid, new Pod(Map.of(), false));
    Map<Difference, Instant> since = new HashMap<>();
    List<Difference> standing = new ArrayList<>();
    Optional<Duration> again = Optional.empty();
    for (Difference difference : differences) {
      Instant first = before.since().getOrDefault(difference, now);
      since.put(difference, first);
      Duration left = Duration.between(now, first.plus(GRACE));
      if (shown || !left.isPositive()) {
        standing.add(difference);
      } else if (again.isEmpty() || left.compareTo(again.get()) < 0) {
        again = Optional.of(left);
      }
    }
    pods.put(podUid, new Pod(Map.copyOf(since), !standing.isEmpty()));
    return new Look(standing, again);
  }

  /** The pod is gone, or holds nothing. */
  void forget(String podUid) {
    pods.remove(podUid);
  }

  /** How many pods have a difference that counts. */
  int disagreeing() {
    return (int) pods.values().stream().filter(Pod::disagrees).count();
  }
}
