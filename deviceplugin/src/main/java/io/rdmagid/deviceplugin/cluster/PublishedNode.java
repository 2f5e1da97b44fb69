package io.rdmagid.deviceplugin.cluster;

import io.rdmagid.api.naming.NodeMetadata;
import io.rdmagid.api.v1alpha1.NodeGids;
import io.rdmagid.api.v1alpha1.PreferredGid;
import io.rdmagid.api.v1alpha1.RdmaGidSpec;
import io.rdmagid.api.v1alpha1.RdmaGidStatus;
import io.rdmagid.gid.GidType;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the agent writes on its Node: a summary of its RdmaGids. Pure.
 *
 * @param annotation the value of {@link NodeMetadata#GIDS_ANNOTATION}
 * @param labels the agent's labels, all of them
 */
record PublishedNode(String annotation, Map<String, String> labels) {
  private static final Comparator<NodeGids.Port> BY_NAME =
      Comparator.comparing((NodeGids.Port port) -> Objects.requireNonNullElse(port.device(), ""))
          .thenComparing(port -> Objects.requireNonNullElse(port.port(), 0));

  /** The summary of these ports, in whatever order they are given. */
  static PublishedNode of(List<NodeGids.Port> ports) {
    boolean roceV2 = ports.stream().anyMatch(port -> GidType.ROCE_V2.text().equals(port.type()));
    return new PublishedNode(
        NodeGids.of(ports.stream().sorted(BY_NAME).toList()).encode(),
        Map.of(
            NodeMetadata.PORTS_LABEL, Integer.toString(ports.size()),
            NodeMetadata.ROCE_V2_LABEL, Boolean.toString(roceV2)));
  }

  /** What the Node says of one port. */
  static NodeGids.Port port(RdmaGidSpec spec, RdmaGidStatus status) {
    PreferredGid preferred = status.preferred();
    return new NodeGids.Port(
        spec.device(),
        spec.port(),
        status.netdev(),
        preferred == null ? null : preferred.index(),
        preferred == null ? null : preferred.address(),
        preferred == null ? null : preferred.type(),
        status.digest());
  }

  /** Whether a Node has this already. */
  boolean isOn(
      @Nullable Map<String, String> annotations, @Nullable Map<String, String> nodeLabels) {
    return annotations != null
        && nodeLabels != null
        && annotation.equals(annotations.get(NodeMetadata.GIDS_ANNOTATION))
        && nodeLabels.entrySet().containsAll(labels.entrySet());
  }
}
