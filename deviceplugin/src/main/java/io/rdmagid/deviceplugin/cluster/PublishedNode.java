package io.rdmagid.deviceplugin.cluster;

import io.rdmagid.api.naming.NodeMetadata;
import io.rdmagid.api.v1alpha1.NodeGids;
import io.rdmagid.api.v1alpha1.PreferredGid;
import io.rdmagid.api.v1alpha1.RdmaGidSpec;
import io.rdmagid.api.v1alpha1.RdmaGidStatus;
import io.rdmagid.gid.GidType;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the agent writes on its Node: a summary of its RdmaGids. Pure.
 *
 * @param annotation the value of {@link NodeMetadata#GIDS_ANNOTATION}
 * @param labels the agent's labels, all of them: one of a pool that is not among them is to go
 */
record PublishedNode(String annotation, Map<String, String> labels) {
  private static final String OFFERS = "true";

  private static final Comparator<NodeGids.Port> BY_NAME =
      Comparator.comparing((NodeGids.Port port) -> Objects.requireNonNullElse(port.device(), ""))
          .thenComparing(port -> Objects.requireNonNullElse(port.port(), 0));

  /** The summary of these ports, in whatever order they are given. */
  static PublishedNode of(List<Row> rows) {
    List<NodeGids.Port> ports = rows.stream().map(Row::port).sorted(BY_NAME).toList();
    boolean roceV2 = ports.stream().anyMatch(port -> GidType.ROCE_V2.text().equals(port.type()));
    Map<String, String> labels = new HashMap<>();
    labels.put(NodeMetadata.PORTS_LABEL, Integer.toString(ports.size()));
    labels.put(NodeMetadata.ROCE_V2_LABEL, Boolean.toString(roceV2));
    rows.forEach(row ->
        row.pools().forEach(pool -> labels.put(NodeMetadata.POOL_LABEL_PREFIX + pool, OFFERS)));
    return new PublishedNode(NodeGids.of(ports).encode(), Map.copyOf(labels));
  }

  /**
   * What the Node says of one port.
   *
   * @param pools the names of those that it belongs to
   */
  record Row(NodeGids.Port port, List<String> pools) {
    Row {
      pools = List.copyOf(pools);
    }
  }

  /** What the Node says of this port. */
  static Row row(RdmaGidSpec spec, RdmaGidStatus status) {
    PreferredGid preferred = status.preferred();
    return new Row(
        new NodeGids.Port(
            spec.device(),
            spec.port(),
            status.netdev(),
            preferred == null ? null : preferred.index(),
            preferred == null ? null : preferred.address(),
            preferred == null ? null : preferred.type(),
            status.digest()),
        status.pools());
  }

  /** Those of a Node's labels that are of pools, and not among these. */
  Set<String> formerPools(Map<String, String> nodeLabels) {
    return nodeLabels.keySet().stream()
        .filter(key -> key.startsWith(NodeMetadata.POOL_LABEL_PREFIX) && !labels.containsKey(key))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** A Node's labels with these. */
  Map<String, String> writtenOn(Map<String, String> nodeLabels) {
    Map<String, String> written = new HashMap<>(nodeLabels);
    written.keySet().removeAll(formerPools(nodeLabels));
    written.putAll(labels);
    return written;
  }

  /** Whether a Node has this already. */
  boolean isOn(
      @Nullable Map<String, String> annotations, @Nullable Map<String, String> nodeLabels) {
    return annotations != null
        && nodeLabels != null
        && annotation.equals(annotations.get(NodeMetadata.GIDS_ANNOTATION))
        && nodeLabels.entrySet().containsAll(labels.entrySet())
        && formerPools(nodeLabels).isEmpty();
  }
}
