package io.rdmagid.deviceplugin.recording;

import io.rdmagid.deviceplugin.GidRowShape;
import io.rdmagid.deviceplugin.inventory.Device;
import io.rdmagid.deviceplugin.inventory.DeviceAttributes;
import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.inventory.Port;
import io.rdmagid.deviceplugin.inventory.PortAttributes;
import io.rdmagid.gid.GidEntry;
import java.util.List;
import java.util.Map;

/** A row of a recording that leaves the links out, so that the row is taken at its word. */
public final class RecordingShape implements GidRowShape {
  @Override
  public String name() {
    return "recording";
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
    Recording recording =
        new Recording(Capture.UNKNOWN, new Inventory(List.of(device)), null, Map.of());
    return switch (RecordingReader.parse(RecordingWriter.text(recording))) {
      case RecordingResult.Valid(Recording read) ->
          read.inventory().devices().getFirst().ports().getFirst().gids().getFirst();
      case RecordingResult.Invalid invalid -> throw new AssertionError(invalid.problems());
    };
  }
}
