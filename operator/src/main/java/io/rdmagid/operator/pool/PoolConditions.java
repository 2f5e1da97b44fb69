package io.rdmagid.operator.pool;

import io.fabric8.kubernetes.api.model.Condition;
import io.rdmagid.api.condition.ConditionStatus;
import io.rdmagid.api.condition.Conditions;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The conditions of a pool, in words for people.
 *
 * @param previous the pool's conditions so far
 * @param generation of the pool's spec that is judged
 */
record PoolConditions(List<Condition> previous, long generation, Clock clock) {
  /** How many ports or nodes one message names. */
  static final int MOST_NAMED = 10;

  Condition next(String type, ConditionStatus status, String reason, String message) {
    return Conditions.next(previous, type, status, reason, message, generation, clock);
  }

  /** The first few, and how many there are beyond them. */
  static String list(Collection<String> names) {
    String first = names.stream().limit(MOST_NAMED).collect(Collectors.joining(", "));
    return names.size() <= MOST_NAMED
        ? first
        : first + " and " + (names.size() - MOST_NAMED) + " more";
  }
}
