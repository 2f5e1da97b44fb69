package io.rdmagid.deviceplugin.cluster;

import io.rdmagid.api.naming.NodeMetadata;
import io.rdmagid.api.v1alpha1.NodeGids;
import io.rdmagid.deviceplugin.inventory.Device;
import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.inventory.Port;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.gid.GidSelection;
import io.rdmagid.gid.GidSelector;
import io.rdmagid.gid.GidType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the agent writes on its Node. Pure.
 *
 * @param annotation the value of {@link NodeMetadata#GIDS_ANNOTATION}
 * @param labels the agent's labels, all of them
 */
record PublishedNode(String annotation, Map<String, String> labels) {
  static PublishedNode of(Inventory inventory) {
    List<NodeGids.Port> ports = new ArrayList<>();
    boolean roceV2 = false;
    for (Device device : inventory.devices()) {
      for (Port port : device.ports()) {
        NodeGids.Port published = port(device, port);
        ports.add(published);
        roceV2 |= GidType.ROCE_V2.text().equals(published.type());
      }
    }
    return new PublishedNode(
        NodeGids.of(ports).encode(),
        Map.of(
            NodeMetadata.PORTS_LABEL, Integer.toString(ports.size()),
            NodeMetadata.ROCE_V2_LABEL, Boolean.toString(roceV2)));
  }

  /** Whether a Node has this already. */
  boolean isOn(
      @Nullable Map<String, String> annotations, @Nullable Map<String, String> nodeLabels) {
    return annotations != null
        && nodeLabels != null
        && annotation.equals(annotations.get(NodeMetadata.GIDS_ANNOTATION))
        && nodeLabels.entrySet().containsAll(labels.entrySet());
  }

  private static NodeGids.Port port(Device device, Port port) {
    GidEntry entry =
        GidSelector.select(port.gids()) instanceof GidSelection.Selected(GidEntry selected)
            ? selected
            : null;
    return new NodeGids.Port(
        device.name(),
        port.number(),
        port.netdev().isEmpty() ? null : port.netdev(),
        entry == null ? null : (Integer) entry.index(),
        entry == null ? null : entry.gid().address(),
        entry == null ? null : entry.type().text(),
        PortStatus.digest(device.attributes(), port));
  }
}
