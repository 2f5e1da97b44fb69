package io.rdmagid.operator.cleaning;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * When which assignment's pod is asked for: nobody watches the cluster's pods, so each is asked for
 * now and then, and soon where there is a reason. Not thread-safe; without a clock.
 */
final class PodLooks {
  /** The time between two looks at a pod of which nothing is suspected, or more. */
  static final Duration USUAL = Duration.ofMinutes(10);

  /** The same of one that seemed to be gone, or to have ended, or whose Node is gone. */
  static final Duration SOON = Duration.ofMinutes(1);

  private final Map<String, Look> looks = new HashMap<>();

  /**
   * What is known of an assignment's pod.
   *
   * @param at when it was looked at last; long ago where it never was
   * @param urgent whether it is to be looked at soon
   */
  private record Look(String podUid, Instant at, boolean suspect, boolean urgent) {
    Instant due() {
      return at.plus(urgent ? SOON : USUAL);
    }
  }

  /**
   * Those that are to be looked at now, the most pressing first.
   *
   * @param records all that there are
   * @param nodeIsThere whether there is a Node of a name
   */
  List<PodRecord> due(Collection<PodRecord> records, Predicate<String> nodeIsThere, Instant now) {
    looks.keySet().retainAll(records.stream().map(PodRecord::key).collect(Collectors.toSet()));
    for (PodRecord record : records) {
      Look before = looks.get(record.key());
      Look known =
          before != null && before.podUid().equals(record.podUid())
              ? before
              : new Look(record.podUid(), Instant.EPOCH, false, false);
      looks.put(
          record.key(),
          new Look(
              known.podUid(),
              known.at(),
              known.suspect(),
              known.suspect() || !nodeIsThere.test(record.node())));
    }
    return records.stream()
        .filter(record -> !now.isBefore(lookOf(record).due()))
        .sorted(
            Comparator.comparing((PodRecord record) -> !lookOf(record).urgent())
                .thenComparing(record -> lookOf(record).due())
                .thenComparing(PodRecord::key))
        .toList();
  }

  private Look lookOf(PodRecord record) {
    return looks.getOrDefault(record.key(), new Look(record.podUid(), Instant.EPOCH, false, false));
  }

  /**
   * A pod was looked at.
   *
   * @param suspect whether its assignment seems to be left over
   * @return whether it seemed so the last time, too
   */
  boolean looked(PodRecord record, boolean suspect, Instant now) {
    Look before = lookOf(record);
    looks.put(record.key(), new Look(record.podUid(), now, suspect, suspect));
    return suspect && before.suspect();
  }

  /** When the next look is due. */
  Optional<Instant> next() {
    return looks.values().stream().map(Look::due).min(Comparator.naturalOrder());
  }
}
