package io.rdmagid.operator.fact;

import io.rdmagid.api.v1alpha1.ParsedPool;
import io.rdmagid.api.v1alpha1.PoolParser;
import io.rdmagid.api.v1alpha1.RdmaGidPool;
import io.rdmagid.pool.EffectiveRule;
import io.rdmagid.pool.FailoverPolicy;
import java.util.Optional;

/**
 * What a pool says to those who only use it.
 *
 * @param rule as its status shows it, for whichever spec it was made; empty where it shows none
 * @param failover of a pool that is being deleted none: evicted from it, a pod would not come back
 */
public record PublishedPool(String name, Optional<EffectiveRule> rule, FailoverPolicy failover) {
  /** Empty for a pool that is not understood. Never throws. */
  public static Optional<PublishedPool> of(RdmaGidPool object) {
    return switch (PoolParser.parse(object)) {
      case ParsedPool.Invalid _ -> Optional.empty();
      case ParsedPool.Valid(var pool, Optional<EffectiveRule> effective, FailoverPolicy failover) ->
          Optional.of(
              new PublishedPool(
                  pool.name(), effective, pool.leaving() ? FailoverPolicy.NONE : failover));
    };
  }

  /** Whether its containers are not made without an index; not where nobody can tell. */
  public boolean requires() {
    return rule.filter(EffectiveRule::required).isPresent();
  }
}
