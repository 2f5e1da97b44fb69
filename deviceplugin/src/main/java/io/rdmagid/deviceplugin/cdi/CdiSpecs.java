package io.rdmagid.deviceplugin.cdi;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rdmagid.deviceplugin.inventory.Device;
import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.workload.CdiDevices;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Placeholder of the CDI edge. */
public final class CdiSpecs {
  private static final ObjectMapper JSON = new ObjectMapper();
  private final Path folder;
  private final Path deviceNodes;

  /** Writes into this folder. */
  public CdiSpecs(Path folder, Path deviceNodes) {
    this.folder = folder;
    this.deviceNodes = deviceNodes;
  }

  /** The devices are now these. */
  public void update(Inventory inventory) {
    ObjectNode document = JSON.createObjectNode();
    document.put("cdiVersion", "0.6.0").put("kind", CdiDevices.KIND);
    ArrayNode devices = document.putArray("devices");
    for (Device device : inventory.devices()) {
      ArrayNode nodes =
          devices
              .addObject()
              .put("name", device.name())
              .putObject("containerEdits")
              .putArray("deviceNodes");
      nodes.addObject().put("path", deviceNodes.resolve(device.uverbs()).toString());
      nodes.addObject().put("path", deviceNodes.resolve("rdma_cm").toString());
    }
    try {
      Files.createDirectories(folder);
      Path aside = folder.resolve("rdmagid.io-rdma.json.next");
      Files.writeString(aside, document.toPrettyString());
      Files.move(aside, folder.resolve("rdmagid.io-rdma.json"), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
