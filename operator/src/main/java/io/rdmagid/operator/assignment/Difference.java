package io.rdmagid.operator.assignment;

import io.rdmagid.api.table.ShownTable;
import io.rdmagid.assignment.AssignedPort;
import io.rdmagid.operator.fact.ClusterFacts;
import io.rdmagid.operator.fact.PublishedPort;
import io.rdmagid.pool.EffectiveRule;
import io.rdmagid.pool.PortRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What an agent reported of a port and the port's RdmaGid do not say the same. Both come from one
 * agent, by different ways: for a moment that is how it should be.
 *
 * @param port as it was reported
 * @param text one sentence for people, without a full stop
 */
record Difference(AssignedPort port, String text) {
  /**
   * What became of a check.
   *
   * @param whole whether something is known of all that was to be checked: before, nobody can tell
   *     that a difference is gone
   */
  record Check(List<Difference> differences, boolean whole) {
    Check {
      differences = List.copyOf(differences);
    }
  }

  /**
   * Checks a pod's ports: only those that are current and whose entries are the host's, which
   * RdmaGids show; and only where all that the choice was made from is known: the same version of
   * the selection, the same revision of the rule.
   *
   * @param node the Node that the pod runs on
   */
  static Check check(String node, List<AssignedPort> ports, ClusterFacts facts) {
    List<Difference> differences = new ArrayList<>();
    boolean whole = true;
    for (AssignedPort port : ports) {
      if (ShownTable.concerns(port)) {
        Optional<PublishedPort> published =
            facts.port(new PortRef(node, port.device(), port.port()));
        Optional<EffectiveRule> rule = facts.rule(port.pool());
        whole &= published.isPresent() && rule.isPresent();
        published
            .flatMap(shown -> shown.table().difference(port, rule))
            .ifPresent(text -> differences.add(new Difference(port, name(port) + ": " + text)));
      }
    }
    return new Check(differences, whole);
  }

  private static String name(AssignedPort port) {
    return port.device() + "/" + port.port() + " of container " + port.container();
  }
}
