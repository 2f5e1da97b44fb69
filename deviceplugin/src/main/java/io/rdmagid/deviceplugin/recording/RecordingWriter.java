package io.rdmagid.deviceplugin.recording;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rdmagid.deviceplugin.inventory.Device;
import io.rdmagid.deviceplugin.inventory.DeviceAttributes;
import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.inventory.Port;
import io.rdmagid.deviceplugin.inventory.PortAttributes;
import io.rdmagid.deviceplugin.inventory.RdmaNamespaceMode;
import io.rdmagid.gid.GidEntry;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Writes an inventory as a recording, from which {@link RecordingReader} makes the same devices. An
 * inventory has no links; those of its entries are written, so that the reader tells the entries of
 * this network namespace from others.
 */
public final class RecordingWriter {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private RecordingWriter() {}

  /** The document, on one line. Devices that could not be read are not in it. */
  public static String write(Inventory inventory) {
    ObjectNode document = JSON.objectNode().put("version", RecordingReader.VERSION);
    if (inventory.namespaceMode() != RdmaNamespaceMode.UNKNOWN) {
      document.put("rdmaNamespaceMode", inventory.namespaceMode().text());
    }
    ArrayNode devices = document.putArray("devices");
    inventory.devices().forEach(device -> add(devices.addObject(), device));
    addLinks(document.putArray("links"), inventory);
    return document.toString();
  }

  private static void add(ObjectNode object, Device device) {
    DeviceAttributes attributes = device.attributes();
    object
        .put("name", device.name())
        .put("driver", attributes.driver())
        .put("vendorId", attributes.vendorId())
        .put("deviceId", attributes.deviceId())
        .put("nodeGuid", attributes.nodeGuid())
        .put("pciAddress", attributes.pciAddress())
        .put("numaNode", attributes.numaNode())
        .put("uverbs", device.uverbs())
        .put("firmware", attributes.firmware());
    ArrayNode ports = object.putArray("ports");
    device.ports().forEach(port -> add(ports.addObject(), port));
  }

  private static void add(ObjectNode object, Port port) {
    PortAttributes attributes = port.attributes();
    object
        .put("port", port.number())
        .put("linkLayer", attributes.linkLayer())
        .put("state", attributes.state())
        .put("physicalState", attributes.physicalState())
        .put("mtu", attributes.mtu())
        .put("rateGbps", attributes.rateGbps())
        .put("netdev", port.netdev())
        .put("gidTableLength", attributes.gidTableLength())
        .put("defaultRoceMode", attributes.defaultRoceMode());
    ArrayNode gids = object.putArray("gids");
    for (GidEntry entry : port.table()) {
      gids.addObject()
          .put("index", entry.index())
          .put("gid", entry.gid().toString())
          .put("type", entry.type().kernelText())
          .put("netdev", entry.netdev())
          .put("ifindex", entry.ifindex());
    }
  }

  private static void addLinks(ArrayNode links, Inventory inventory) {
    Map<Integer, String> names = new LinkedHashMap<>();
    Map<Integer, Set<String>> addresses = new LinkedHashMap<>();
    for (Device device : inventory.devices()) {
      for (Port port : device.ports()) {
        for (GidEntry entry : port.gids()) {
          if (entry.ifindex() != 0) {
            names.put(entry.ifindex(), entry.netdev());
            boolean _ =
                addresses
                    .computeIfAbsent(entry.ifindex(), _ -> new LinkedHashSet<>())
                    .add(entry.gid().toString() + "/128");
          }
        }
      }
    }
    names.forEach((ifindex, name) -> {
      ArrayNode list =
          links.addObject().put("ifindex", ifindex).put("name", name).putArray("addresses");
      addresses.getOrDefault(ifindex, Set.of()).forEach(list::add);
    });
  }
}
