package io.rdmagid.operator.pool;

import io.rdmagid.api.v1alpha1.RdmaGidPool;
import io.rdmagid.operator.fact.PublishedPort;
import io.rdmagid.pool.PoolMembership;
import io.rdmagid.pool.PortFacts;
import io.rdmagid.pool.PortRef;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

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
    List<PublishedPort> ports,
    Map<String, Map<String, String>> nodeLabels,
    List<Holding> holdings) {
  Fleet {
    pools = List.copyOf(pools);
    ports = List.copyOf(ports);
    nodeLabels = Map.copyOf(nodeLabels);
    holdings = List.copyOf(holdings);
  }

  /** What tells which ports are whose. */
  List<PortFacts> facts() {
    return ports.stream().map(PublishedPort::facts).toList();
  }

  /**
   * The same ports with what a program can use of them now: by that a rule is chosen and served.
   *
   * @param some of this fleet's
   */
  List<PortFacts> usable(List<PortFacts> some) {
    Set<PortRef> refs = some.stream().map(PortFacts::ref).collect(Collectors.toSet());
    return ports.stream()
        .filter(port -> refs.contains(port.facts().ref()))
        .map(PublishedPort::usableFacts)
        .toList();
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
