package io.rdmagid.deviceplugin.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rdmagid.deviceplugin.inventory.Device;
import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.inventory.Port;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.gid.GidSelection;
import io.rdmagid.gid.GidSelector;

/** An inventory as JSON for scripts: {@code {"ports": […]}}, with the words of the API objects. */
final class GidJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private GidJson() {}

  static String of(Inventory inventory) {
    ObjectNode document = JSON.createObjectNode();
    ArrayNode ports = document.putArray("ports");
    for (Device device : inventory.devices()) {
      device.ports().forEach(port -> add(ports.addObject(), device, port));
    }
    return document.toPrettyString();
  }

  private static void add(ObjectNode object, Device device, Port port) {
    object
        .put("device", device.name())
        .put("port", port.number())
        .put("netdev", port.netdev())
        .put("linkLayer", port.attributes().linkLayer())
        .put("state", port.attributes().state())
        .put("podGidCount", port.podGidCount());
    GidSelection selection = GidSelector.select(port.gids());
    ArrayNode gids = object.putArray("gids");
    for (GidEntry entry : port.gids()) {
      gids.addObject()
          .put("index", entry.index())
          .put("type", entry.type().text())
          .put("gid", entry.gid().toString())
          .put("address", entry.gid().address())
          .put("netdev", entry.netdev())
          .put("preferred", selection.equals(new GidSelection.Selected(entry)));
    }
  }
}
