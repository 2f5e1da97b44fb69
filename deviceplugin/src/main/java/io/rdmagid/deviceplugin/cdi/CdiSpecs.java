package io.rdmagid.deviceplugin.cdi;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rdmagid.deviceplugin.inventory.Device;
import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.inventory.Port;
import io.rdmagid.deviceplugin.inventory.PortAttributes;
import io.rdmagid.deviceplugin.workload.CdiDevices;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the CDI spec of the node's RDMA devices as the inventory is: one file, written only when it
 * has to change. For one thread at a time, but for {@link #isCurrent}.
 */
public final class CdiSpecs {
  /** Its name, by the custom of CDI: vendor and class. */
  static final String FILE = "rdmagid.io-rdma.json";

  private static final Logger LOG = LoggerFactory.getLogger(CdiSpecs.class);

  /**
   * Device nodes alone need version 0.3.0 of the specification, names that start with a digit
   * 0.5.0. 0.6.0 is read by every containerd and CRI-O that has NRI.
   */
  private static final String VERSION = "0.6.0";

  /** CDI reads files that end in .json and .yaml only. */
  private static final String TEMPORARY = ".rdmagid.io-rdma.tmp";

  /** "Device name" of the specification; one bad name would make the whole file invalid. */
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9_.:-]*[A-Za-z0-9])?");

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path folder;
  private final Path deviceNodes;
  private final MadNodes madNodes;
  private List<String> unnameable = List.of();
  private volatile boolean current;

  /**
   * Writes nothing yet.
   *
   * @param folder where the runtime looks for specs that do not outlive a boot, /var/run/cdi; made
   *     if it is not there
   * @param deviceNodes /dev/infiniband
   * @param sysfs /sys
   */
  public CdiSpecs(Path folder, Path deviceNodes, Path sysfs) {
    this.folder = folder;
    this.deviceNodes = deviceNodes;
    this.madNodes = new MadNodes(sysfs);
  }

  /**
   * Makes the file as the inventory is. A file that cannot be written is logged, and tried again at
   * the next call.
   */
  public void update(Inventory inventory) {
    try {
      bring(text(inventory));
      current = true;
    } catch (IOException e) {
      current = false;
      LOG.atWarn().addKeyValue("folder", folder).setCause(e).log("CDI spec not written");
    }
  }

  /** Whether the file is as the last update asked; false before the first. */
  public boolean isCurrent() {
    return current;
  }

  /** The content of the file, empty for none: a spec without devices is not valid. */
  private String text(Inventory inventory) {
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

  private void bring(String text) throws IOException {
    Path file = folder.resolve(FILE);
    if (text.isEmpty()) {
      Files.deleteIfExists(file);
    } else if (!Arrays.equals(text.getBytes(StandardCharsets.UTF_8), read(file))) {
      Files.createDirectories(folder);
      // The runtime's cache watches rename, remove and write, not create: so this very folder.
      Path temporary = folder.resolve(TEMPORARY);
      Files.writeString(temporary, text);
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
      LOG.atInfo().addKeyValue("file", file).log("CDI spec written");
    }
  }

  private static byte[] read(Path file) throws IOException {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      return new byte[0];
    }
  }
}
