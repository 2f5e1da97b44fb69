package io.rdmagid.kubectl.snapshot;

import io.fabric8.kubernetes.api.model.Condition;
import io.rdmagid.api.condition.Conditions;
import io.rdmagid.api.v1alpha1.RdmaGidPoolStatus;
import io.rdmagid.gid.GidScope;
import io.rdmagid.pool.EffectiveRule;
import io.rdmagid.pool.Pool;
import java.util.Optional;

/**
 * A pool.
 *
 * @param effective the rule that its newest containers chose by, for an older spec maybe
 * @param status all else; nothing of it is checked
 */
public record KnownPool(Pool pool, Optional<EffectiveRule> effective, RdmaGidPoolStatus status) {
  /** Whether the pool's containers choose in the host's network namespace. */
  public boolean isOfHost() {
    return effective.filter(rule -> rule.scope() == GidScope.HOST).isPresent();
  }

  /** The condition of that type where it has this status. */
  public Optional<Condition> condition(String type, String status) {
    return Conditions.find(this.status.conditions(), type)
        .filter(condition -> status.equals(condition.getStatus()));
  }
}
