package io.rdmagid.deviceplugin.recording;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rdmagid.deviceplugin.inventory.Device;
import io.rdmagid.deviceplugin.inventory.DeviceAttributes;
import io.rdmagid.deviceplugin.inventory.LinkDescription;
import io.rdmagid.deviceplugin.inventory.Port;
import io.rdmagid.deviceplugin.inventory.PortAttributes;
import io.rdmagid.deviceplugin.inventory.UnreadDevice;
import io.rdmagid.gid.GidEntry;
import java.util.Set;
import java.util.TreeMap;

/**
 * Writes a recording; {@link RecordingReader} reads an equal one. Facts that are not known are left
 * out, what has a default is not.
 */
public final class RecordingWriter {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private RecordingWriter() {}

  /** The document as text for people: a line an entry. */
  public static String text(Recording recording) {
    return JsonLayout.text(document(recording));
  }

  private static ObjectNode document(Recording recording) {
    ObjectNode document = JSON.objectNode().put("version", RecordingReader.VERSION);
    Capture capture = recording.capture();
    known(document, "hostname", capture.hostname());
    known(document, "kernel", capture.kernel());
    known(document, "capturedAt", capture.capturedAt());
    known(document, "rdmaNamespaceMode", recording.inventory().namespaceMode().text());
    ArrayNode devices = document.putArray("devices");
    recording.inventory().devices().forEach(device -> devices.add(device(device)));
    if (!recording.inventory().unreadDevices().isEmpty()) {
      ArrayNode unread = document.putArray("unread");
      recording.inventory().unreadDevices().forEach(device -> unread.add(unread(device)));
    }
    if (recording.links() != null) {
      ArrayNode links = document.putArray("links");
      recording.links().forEach(link -> links.add(link(link)));
    }
    if (!recording.environment().isEmpty()) {
      ObjectNode environment = document.putObject("environment");
      new TreeMap<>(recording.environment()).forEach(environment::put);
    }
    return document;
  }

  private static ObjectNode device(Device device) {
    ObjectNode json = JSON.objectNode().put("name", device.name());
    known(json, device.attributes());
    known(json, "uverbs", device.uverbs());
    ArrayNode ports = json.putArray("ports");
    device.ports().forEach(port -> ports.add(port(port)));
    return json;
  }

  private static ObjectNode unread(UnreadDevice device) {
    ObjectNode json =
        JSON.objectNode().put("name", device.name()).put("cause", device.cause().text());
    known(json, "reason", device.reason());
    known(json, device.attributes());
    ArrayNode ports = json.putArray("ports");
    device.ports().forEach(ports::add);
    return json;
  }

  private static ObjectNode port(Port port) {
    PortAttributes attributes = port.attributes();
    ObjectNode json =
        JSON.objectNode()
            .put("port", port.number())
            .put("linkLayer", attributes.linkLayer())
            .put("state", attributes.state());
    known(json, "physicalState", attributes.physicalState());
    known(json, "mtu", attributes.mtu());
    double rate = attributes.rateGbps();
    if (rate == Math.rint(rate)) {
      known(json, "rateGbps", (int) rate);
    } else {
      json.put("rateGbps", rate);
    }
    known(json, "netdev", port.netdev());
    json.put("gidTableLength", attributes.gidTableLength());
    known(json, "defaultRoceMode", attributes.defaultRoceMode());
    ArrayNode gids = json.putArray("gids");
    port.table().forEach(entry -> gids.add(entry(entry, port.unusable())));
    return json;
  }

  private static ObjectNode entry(GidEntry entry, Set<Integer> unusable) {
    ObjectNode json =
        JSON.objectNode()
            .put("index", entry.index())
            .put("gid", entry.gid().toString())
            .put("type", entry.type().kernelText());
    known(json, "netdev", entry.netdev());
    known(json, "ifindex", entry.ifindex());
    if (unusable.contains(entry.index())) {
      json.put("usable", false);
    }
    return json;
  }

  private static ObjectNode link(LinkDescription link) {
    ObjectNode json = JSON.objectNode().put("ifindex", link.ifindex()).put("name", link.name());
    known(json, "kind", link.kind());
    known(json, "state", link.state());
    known(json, "mtu", link.mtu());
    known(json, "master", link.master());
    ArrayNode addresses = json.putArray("addresses");
    link.addresses().forEach(address -> addresses.add(address.text()));
    return json;
  }

  private static void known(ObjectNode json, DeviceAttributes attributes) {
    known(json, "driver", attributes.driver());
    known(json, "vendorId", attributes.vendorId());
    known(json, "deviceId", attributes.deviceId());
    known(json, "nodeGuid", attributes.nodeGuid());
    known(json, "pciAddress", attributes.pciAddress());
    known(json, "pfName", attributes.pfName());
    if (attributes.vfIndex() >= 0) {
      json.put("vfIndex", attributes.vfIndex());
    }
    if (attributes.numaNode() >= 0) {
      json.put("numaNode", attributes.numaNode());
    }
    known(json, "firmware", attributes.firmware());
  }

  private static void known(ObjectNode json, String name, String value) {
    if (!value.isEmpty()) {
      json.put(name, value);
    }
  }

  private static void known(ObjectNode json, String name, int value) {
    if (value != 0) {
      json.put(name, value);
    }
  }
}
