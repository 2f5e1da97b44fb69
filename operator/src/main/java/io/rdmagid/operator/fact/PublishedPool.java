package io.rdmagid.operator.fact;

import io.rdmagid.api.v1alpha1.ParsedPool;
import io.rdmagid.api.v1alpha1.PoolParser;
import io.rdmagid.api.v1alpha1.RdmaGidPool;
import io.rdmagid.api.v1alpha1.RdmaGidPoolSpec;
import io.rdmagid.pool.EffectiveRule;
import io.rdmagid.pool.FailoverPolicy;
import io.rdmagid.pool.Pool;
import java.util.Optional;

/**
 * What a pool says to those who only use it.
 *
 * @param resourceName what a pod's limits name
 * @param pool which ports it wants; empty where not all of it is understood: then the rest says
 *     nothing
 * @param rule as its status shows it, for whichever spec it was made; empty where it shows none
 * @param failover of a pool that is being deleted none: evicted from it, a pod would not come back
 */
public record PublishedPool(
    String name,
    String resourceName,
    Optional<Pool> pool,
    Optional<EffectiveRule> rule,
    FailoverPolicy failover) {
  /** Never throws. */
  public static PublishedPool of(RdmaGidPool object) {
    String name = object.getMetadata().getName();
    RdmaGidPoolSpec spec = object.getSpec();
    String named = spec == null ? null : spec.resourceName();
    String resourceName = named == null ? PoolParser.RESOURCE_PREFIX + name : named;
    return switch (PoolParser.parse(object)) {
      case ParsedPool.Invalid _ ->
          new PublishedPool(
              name, resourceName, Optional.empty(), Optional.empty(), FailoverPolicy.NONE);
      case ParsedPool.Valid(var pool, Optional<EffectiveRule> effective, FailoverPolicy failover) ->
          new PublishedPool(
              name,
              resourceName,
              Optional.of(pool),
              effective,
              pool.leaving() ? FailoverPolicy.NONE : failover);
    };
  }

  /** Whether all of it is. */
  public boolean understood() {
    return pool.isPresent();
  }

  /** Whether its containers are not made without an index; not where nobody can tell. */
  public boolean requires() {
    return rule.filter(EffectiveRule::required).isPresent();
  }
}
