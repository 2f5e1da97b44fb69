package io.rdmagid.operator.fact;

import io.rdmagid.api.naming.RdmaGidName;
import io.rdmagid.api.v1alpha1.ParsedPool;
import io.rdmagid.api.v1alpha1.PoolParser;
import io.rdmagid.api.v1alpha1.RdmaGid;
import io.rdmagid.api.v1alpha1.RdmaGidPool;
import io.rdmagid.api.v1alpha1.RdmaGidPoolSpec;
import io.rdmagid.pool.EffectiveRule;
import io.rdmagid.pool.PortRef;
import java.util.Optional;

/**
 * Ports and pools of the cluster. Whoever runs the informers fills the stores; the others find
 * nothing in them before, and hear of it. Safe for use by any thread.
 *
 * @param ports of all RdmaGids, by their names
 * @param pools of all RdmaGidPools, by their names
 */
public record ClusterFacts(
    FactStore<RdmaGid, Optional<PublishedPort>> ports,
    FactStore<RdmaGidPool, PublishedPool> pools) {
  /** Empty stores. */
  public ClusterFacts() {
    this(
        new FactStore<>(RdmaGid::new, PublishedPort::of),
        new FactStore<>(RdmaGidPool::new, PublishedPool::of));
  }

  /**
   * A pool as its object shows it, whatever else of it is understood.
   *
   * @param resourceName what a pod's limits name
   * @param rule as the status shows it, for whichever spec it was made; empty where it shows none,
   *     or is not understood
   */
  public record PublishedPool(String name, String resourceName, Optional<EffectiveRule> rule) {
    /** Never throws. */
    static PublishedPool of(RdmaGidPool object) {
      String name = object.getMetadata().getName();
      RdmaGidPoolSpec spec = object.getSpec();
      String resourceName = spec == null ? null : spec.resourceName();
      return new PublishedPool(
          name,
          resourceName == null ? PoolParser.RESOURCE_PREFIX + name : resourceName,
          switch (PoolParser.parse(object)) {
            case ParsedPool.Invalid _ -> Optional.empty();
            case ParsedPool.Valid(_, Optional<EffectiveRule> effective, _) -> effective;
          });
    }
  }

  /** What is published of a port; empty where nothing is known or understood. */
  public Optional<PublishedPort> port(PortRef port) {
    return ports
        .fact(RdmaGidName.of(port.node(), port.device(), port.port()))
        .flatMap(published -> published)
        // A name carries a hash of eight digits only.
        .filter(published -> published.facts().ref().equals(port));
  }

  /** The rule that a pool shows; empty where nothing is known or understood. */
  public Optional<EffectiveRule> rule(String pool) {
    return pools.fact(pool).flatMap(PublishedPool::rule);
  }
}
