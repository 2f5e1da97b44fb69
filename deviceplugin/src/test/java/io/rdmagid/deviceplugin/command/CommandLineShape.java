package io.rdmagid.deviceplugin.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rdmagid.deviceplugin.GidRowShape;
import io.rdmagid.deviceplugin.inventory.Device;
import io.rdmagid.deviceplugin.inventory.DeviceAttributes;
import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.inventory.Port;
import io.rdmagid.deviceplugin.inventory.PortAttributes;
import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.gid.GidType;
import java.util.List;
import java.util.Map;

/** A row as {@code rdmagid show -o json} prints it. */
public final class CommandLineShape implements GidRowShape {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Override
  public String name() {
    return "command line";
  }

  @Override
  public GidEntry through(GidEntry entry) {
    Port port =
        new Port(
            1,
            new PortAttributes(PortAttributes.ETHERNET, "ACTIVE", "", 0, 0, 65_535, ""),
            entry.netdev(),
            List.of(entry),
            List.of());
    Device device = new Device("mlx5_0", "uverbs0", DeviceAttributes.UNKNOWN, List.of(port));
    Reading reading = new Reading("kernel", new Inventory(List.of(device)), Map.of());
    JsonNode row = read(PortJson.of(reading).toString()).at("/ports/0/gids/0");
    return new GidEntry(
        row.get("index").intValue(),
        Gid.parse(row.get("gid").textValue()),
        GidType.fromText(row.get("type").textValue()).orElseThrow(),
        row.get("ifindex").intValue(),
        row.get("netdev").textValue());
  }

  private static JsonNode read(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }
}
