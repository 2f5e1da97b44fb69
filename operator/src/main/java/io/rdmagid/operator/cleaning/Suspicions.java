package io.rdmagid.operator.cleaning;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** For how long objects have seemed to be left over. Not thread-safe; without a clock. */
final class Suspicions {
  /** How long one has to: an agent whose Node was made again takes its objects over meanwhile. */
  static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Map<String, Instant> since = new TreeMap<>();

  /**
   * Those that have seemed so for long enough, the longest first.
   *
   * @param suspects all that seem so now
   */
  List<String> standing(Set<String> suspects, Instant now) {
    since.keySet().retainAll(suspects);
    suspects.forEach(suspect -> since.putIfAbsent(suspect, now));
    return since.entrySet().stream()
        .filter(entry -> !now.isBefore(entry.getValue().plus(PATIENCE)))
        .sorted(Map.Entry.comparingByValue())
        .map(Map.Entry::getKey)
        .toList();
  }

  /** One was looked at closely: its time begins anew. */
  void beginAnew(String suspect, Instant now) {
    since.put(suspect, now);
  }

  /** When the next of them will have seemed so for long enough. */
  Optional<Instant> next() {
    return since.values().stream()
        .min(Comparator.naturalOrder())
        .map(first -> first.plus(PATIENCE));
  }
}
