package io.rdmagid.deviceplugin.recording;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rdmagid.deviceplugin.GidRowShape;
import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.gid.GidEntry;
import java.util.Map;

/** A row of a recording, written here as the format's page says. */
public final class RecordingShape implements GidRowShape {
  @Override
  public String name() {
    return "recording";
  }

  @Override
  public GidEntry through(GidEntry entry) {
    ObjectNode document = JsonNodeFactory.instance.objectNode().put("version", 1);
    ObjectNode port =
        document
            .putArray("devices")
            .addObject()
            .put("name", "mlx5_0")
            .putArray("ports")
            .addObject()
            .put("port", 1)
            .put("gidTableLength", 65_535);
    port.putArray("gids")
        .addObject()
        .put("index", entry.index())
        .put("gid", entry.gid().toString())
        .put("type", entry.type().kernelText())
        .put("netdev", entry.netdev())
        .put("ifindex", entry.ifindex());
    // An entry known by its netdev's name alone is of another namespace where links are given.
    if (entry.ifindex() == 0 && !entry.netdev().isEmpty()) {
      document.putArray("links");
    }
    return switch (RecordingReader.parse(document.toString())) {
      case RecordingResult.Valid(Inventory inventory, Map<String, String> _) ->
          inventory.devices().getFirst().ports().getFirst().table().getFirst();
      case RecordingResult.Invalid invalid -> throw new AssertionError(invalid.problems());
    };
  }
}
