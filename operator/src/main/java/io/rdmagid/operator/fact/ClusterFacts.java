package io.rdmagid.operator.fact;

import io.fabric8.kubernetes.api.model.Node;
import io.rdmagid.api.naming.RdmaGidName;
import io.rdmagid.api.v1alpha1.ParsedPool;
import io.rdmagid.api.v1alpha1.PoolParser;
import io.rdmagid.api.v1alpha1.RdmaGid;
import io.rdmagid.api.v1alpha1.RdmaGidPool;
import io.rdmagid.pool.EffectiveRule;
import io.rdmagid.pool.PortRef;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Ports, rules and Nodes of the cluster. Whoever runs the informers fills the stores; the others
 * find nothing in them before, and hear of it. Safe for use by any thread.
 *
 * @param ports of all RdmaGids, by their names
 * @param rules of all RdmaGidPools, by their names
 * @param nodes all Nodes, by their names
 */
public record ClusterFacts(
    FactStore<RdmaGid, Optional<PublishedPort>> ports,
    FactStore<RdmaGidPool, Optional<PublishedRule>> rules,
    FactStore<Node, PresentNode> nodes) {
  /** Empty stores. */
  public ClusterFacts() {
    this(
        new FactStore<>(RdmaGid::new, PublishedPort::of),
        new FactStore<>(RdmaGidPool::new, PublishedRule::of),
        new FactStore<>(Node::new, PresentNode::of));
  }

  /** A Node that is there. */
  public record PresentNode(String name, String uid, Map<String, String> labels) {
    public PresentNode {
      labels = Map.copyOf(labels);
    }

    static PresentNode of(Node node) {
      return new PresentNode(
          node.getMetadata().getName(),
          Objects.requireNonNullElse(node.getMetadata().getUid(), ""),
          Objects.requireNonNullElse(node.getMetadata().getLabels(), Map.of()));
    }
  }

  /** The rule of a pool as its status shows it, for whichever spec it was made. */
  public record PublishedRule(String pool, EffectiveRule rule) {
    /** Empty where the pool shows none, or is not understood. Never throws. */
    static Optional<PublishedRule> of(RdmaGidPool object) {
      return switch (PoolParser.parse(object)) {
        case ParsedPool.Invalid _ -> Optional.empty();
        case ParsedPool.Valid(var pool, Optional<EffectiveRule> effective, _) ->
            effective.map(rule -> new PublishedRule(pool.name(), rule));
      };
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
    return rules.fact(pool).flatMap(published -> published).map(PublishedRule::rule);
  }
}
