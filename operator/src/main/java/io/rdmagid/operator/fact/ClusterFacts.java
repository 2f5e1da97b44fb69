package io.rdmagid.operator.fact;

import io.fabric8.kubernetes.api.model.Node;
import io.rdmagid.api.naming.RdmaGidName;
import io.rdmagid.api.v1alpha1.RdmaGid;
import io.rdmagid.api.v1alpha1.RdmaGidPool;
import io.rdmagid.pool.EffectiveRule;
import io.rdmagid.pool.PortRef;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Ports, pools and Nodes of the cluster. Whoever runs the informers fills the stores; the others
 * find nothing in them before, and hear of it. Safe for use by any thread.
 *
 * @param ports of all RdmaGids, by their names
 * @param pools of all RdmaGidPools, by their names
 * @param nodes all Nodes, by their names
 */
public record ClusterFacts(
    FactStore<RdmaGid, Optional<PublishedPort>> ports,
    FactStore<RdmaGidPool, PublishedPool> pools,
    FactStore<Node, PresentNode> nodes) {
  /** Empty stores. */
  public ClusterFacts() {
    this(
        new FactStore<>(RdmaGid::new, PublishedPort::of),
        new FactStore<>(RdmaGidPool::new, PublishedPool::of),
        new FactStore<>(Node::new, PresentNode::of));
  }

  /** A Node that is there. */
  public record PresentNode(String name, String uid, Map<String, String> labels) {
    public PresentNode {
      labels = Map.copyOf(labels);
    }

    static PresentNode of(Node node) {
      return new PresentNode(
          node.getMetadata().getName().intern(),
          Objects.requireNonNullElse(SharedTexts.of(node.getMetadata().getUid()), ""),
          Objects.requireNonNullElse(node.getMetadata().getLabels(), Map.of()));
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

  /** All ports of which something is known and understood. */
  public List<PublishedPort> understoodPorts() {
    return ports.facts().stream().flatMap(Optional::stream).toList();
  }

  /** The labels of all Nodes, by the Nodes' names. */
  public Map<String, Map<String, String>> nodeLabels() {
    return nodes.facts().stream().collect(Collectors.toMap(PresentNode::name, PresentNode::labels));
  }

  /** The rule that a pool shows; empty where nothing is known or understood. */
  public Optional<EffectiveRule> rule(String pool) {
    return pools.fact(pool).flatMap(PublishedPool::rule);
  }
}
