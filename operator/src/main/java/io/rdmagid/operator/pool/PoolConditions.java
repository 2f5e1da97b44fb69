package io.rdmagid.operator.pool;

import io.fabric8.kubernetes.api.model.Condition;
import io.rdmagid.api.condition.ConditionStatus;
import io.rdmagid.api.condition.Conditions;
import java.time.Clock;
import java.util.List;

/**
 * The conditions of a pool, in words for people.
 *
 * @param previous the pool's conditions so far
 * @param generation of the pool's spec that is judged
 */
record PoolConditions(List<Condition> previous, long generation, Clock clock) {
  Condition next(String type, ConditionStatus status, String reason, String message) {
    return Conditions.next(previous, type, status, reason, message, generation, clock);
  }
}
