package io.rdmagid.deviceplugin.cdi;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rdmagid.deviceplugin.inventory.Device;
import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.inventory.Port;
import io.rdmagid.deviceplugin.inventory.PortAttributes;
import io.rdmagid.deviceplugin.workload.CdiDevices;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What our CDI spec has to say. Not thread-safe. */
final class SpecText {
  private static final Logger LOG = LoggerFactory.getLogger(SpecText.class);

  /**
   * Device nodes alone need version 0.3.0 of the specification, names that start with a digit
   * 0.5.0. 0.6.0 is read by every containerd and CRI-O that has NRI.
   */
  private static final String VERSION = "0.6.0";

  /** "Device name" of the specification; one bad name would make the whole file invalid. */
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9_.:-]*[A-Za-z0-9])?");

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path deviceNodes;
  private final MadNodes madNodes;
  private List<String> unnameable = List.of();

  /**
   * Where it looks for nodes that no inventory has.
   *
   * @param deviceNodes /dev/infiniband
   * @param sysfs /sys
   */
  SpecText(Path deviceNodes, Path sysfs) {
    this.deviceNodes = deviceNodes;
    this.madNodes = new MadNodes(sysfs);
  }

  /**
   * The content of the file, empty for none: a spec without devices is not valid. It may be another
   * one of the same inventory, as modules bring nodes for all devices.
   */
  String of(Inventory inventory) {
    ObjectNode spec =
        JSON.createObjectNode().put("cdiVersion", VERSION).put("kind", CdiDevices.KIND);
    ArrayNode devices = spec.putArray("devices");
    List<String> bad = new ArrayList<>();
    for (Device device : inventory.devices()) {
      if (!NAME.matcher(device.name()).matches()) {
        bad.add(device.name());
      } else if (!device.uverbs().isEmpty()) {
        add(devices.addObject(), device);
      }
    }
    if (!bad.equals(unnameable)) {
      unnameable = bad;
      LOG.atWarn()
          .addKeyValue("devices", bad)
          .log("CDI cannot name these devices, pods cannot have them");
    }
    return devices.isEmpty() ? "" : spec.toPrettyString() + "\n";
  }

  private void add(ObjectNode entry, Device device) {
    List<String> nodes = new ArrayList<>();
    nodes.add(device.uverbs());
    for (Port port : device.ports()) {
      if (port.attributes().linkLayer().equals(PortAttributes.INFINIBAND)) {
        nodes.addAll(madNodes.of(device.name(), port.number()));
      }
    }
    if (Files.exists(deviceNodes.resolve("rdma_cm"))) {
      nodes.add("rdma_cm");
    }
    ArrayNode array =
        entry.put("name", device.name()).putObject("containerEdits").putArray("deviceNodes");
    for (String node : nodes) {
      array.addObject().put("path", deviceNodes.resolve(node).toString()).put("permissions", "rw");
    }
  }
}
