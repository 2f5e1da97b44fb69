package io.rdmagid.operator.pool;

import io.rdmagid.api.v1alpha1.RdmaGidPool;
import io.rdmagid.pool.PoolMembership;
import io.rdmagid.pool.PortFacts;
import java.util.List;
import java.util.Map;

/**
 * What the status of a pool is made from. The order of each list does not matter.
 *
 * @param pools all of the cluster
 * @param ports all that are published
 * @param nodeLabels the labels of each node by its name
 * @param holdings the ports that containers hold
 */
record Fleet(
    List<RdmaGidPool> pools,
    List<PortFacts> ports,
    Map<String, Map<String, String>> nodeLabels,
    List<Holding> holdings) {
  Fleet {
    pools = List.copyOf(pools);
    ports = List.copyOf(ports);
    nodeLabels = Map.copyOf(nodeLabels);
    holdings = List.copyOf(holdings);
  }

  /** Whether pods hold ports that they asked of the pool of that name. */
  boolean isHeld(String pool) {
    return holdings.stream().anyMatch(holding -> holding.pool().equals(pool));
  }

  /** Which ports pods hold of which pool. */
  List<PoolMembership.Hold> holds() {
    return holdings.stream()
        .map(holding -> new PoolMembership.Hold(holding.port(), holding.pool()))
        .distinct()
        .toList();
  }
}
