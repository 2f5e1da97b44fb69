package io.rdmagid.operator.admission;

import io.rdmagid.operator.fact.ClusterFacts;
import io.rdmagid.operator.fact.PublishedPool;
import io.rdmagid.operator.fact.PublishedPort;
import io.rdmagid.pool.PoolMembership;
import io.rdmagid.pool.PortFacts;
import io.rdmagid.pool.PortRef;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Which of the published ports a pool has. */
final class PoolPorts {
  private PoolPorts() {}

  /**
   * Those that their agents say are the pool's. Of a node whose agent says so of no port it is
   * computed: the agent can be of an earlier version, or not have come to it yet.
   */
  static List<PublishedPort> of(PublishedPool pool, ClusterFacts facts) {
    List<PublishedPort> ports = facts.understoodPorts();
    Set<String> telling =
        ports.stream()
            .filter(port -> !port.pools().isEmpty())
            .map(port -> port.facts().node())
            .collect(Collectors.toSet());
    Set<PortRef> computed =
        computed(
            pool,
            facts,
            ports.stream()
                .map(PublishedPort::facts)
                .filter(port -> !telling.contains(port.node()))
                .toList());
    return ports.stream()
        .filter(port -> port.pools().contains(pool.name()) || computed.contains(port.facts().ref()))
        .toList();
  }

  private static Set<PortRef> computed(
      PublishedPool pool, ClusterFacts facts, List<PortFacts> ports) {
    if (ports.isEmpty()) {
      return Set.of(); // as usual: pods wait for a webhook
    }
    return PoolMembership.of(
            facts.pools().facts().stream().flatMap(other -> other.pool().stream()).toList(),
            ports,
            facts.nodeLabels(),
            List.of())
        .portsOf(pool.name())
        .stream()
        .map(PortFacts::ref)
        .collect(Collectors.toSet());
  }
}
