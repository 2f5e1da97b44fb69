package io.rdmagid.deviceplugin.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rdmagid.deviceplugin.command.Reading.DevicePort;
import io.rdmagid.deviceplugin.inventory.UnreadDevice;
import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.gid.GidType;
import java.util.List;

/** Ports and entries as JSON for scripts, with the words of the API objects. */
final class PortJson {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private PortJson() {}

  /**
   * {@code {"source": …, "rdmaNamespaceMode": …, "ports": […]}}, each port with its entries, and
   * {@code unread} with the devices that cannot be read, if there are such. The mode is empty where
   * it is not known.
   */
  static ObjectNode of(Reading reading) {
    ObjectNode document =
        JSON.objectNode()
            .put("source", reading.source())
            .put("rdmaNamespaceMode", reading.inventory().namespaceMode().text());
    ArrayNode ports = document.putArray("ports");
    for (DevicePort port : reading.ports()) {
      ObjectNode object = ports.addObject();
      name(object, port);
      object.put("podGidCount", port.port().podGidCount());
      ArrayNode gids = object.putArray("gids");
      port.port().table().forEach(entry -> add(gids.addObject(), port, entry));
    }
    List<UnreadDevice> unread = reading.inventory().unreadDevices();
    if (!unread.isEmpty()) {
      ArrayNode devices = document.putArray("unread");
      unread.forEach(device ->
          devices
              .addObject()
              .put("device", device.name())
              .put("cause", device.cause().text())
              .put("reason", device.reason()));
    }
    return document;
  }

  /** One entry with its port and source, for a line of its own. */
  static ObjectNode of(Reading reading, DevicePort port, GidEntry entry) {
    ObjectNode object = JSON.objectNode().put("source", reading.source());
    name(object, port);
    add(object, port, entry);
    return object;
  }

  private static void name(ObjectNode object, DevicePort port) {
    object
        .put("device", port.device().name())
        .put("port", port.port().number())
        .put("netdev", port.port().netdev())
        .put("linkLayer", port.port().attributes().linkLayer())
        .put("state", port.port().attributes().state())
        .put(
            "defaultRoceMode",
            port.port().attributes().defaultRoceType().map(GidType::text).orElse(""));
  }

  /** What a GID is, in whatever an object tells of it. */
  static ObjectNode putGid(ObjectNode object, Gid gid, GidType type) {
    return object.put("type", type.text()).put("gid", gid.toString()).put("address", gid.address());
  }

  private static void add(ObjectNode object, DevicePort port, GidEntry entry) {
    putGid(object.put("index", entry.index()), entry.gid(), entry.type())
        .put("netdev", entry.netdev())
        .put("ifindex", entry.ifindex())
        .put("otherNamespace", port.isElsewhere(entry))
        .put("usable", !port.port().unusable().contains(entry.index()))
        .put("preferred", port.isPreferred(entry));
  }
}
