package io.rdmagid.deviceplugin;

import io.rdmagid.deviceplugin.inventory.Device;
import io.rdmagid.deviceplugin.inventory.DeviceAttributes;
import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.inventory.Port;
import io.rdmagid.deviceplugin.inventory.PortAttributes;
import io.rdmagid.deviceplugin.recording.RecordingReader;
import io.rdmagid.deviceplugin.recording.RecordingResult;
import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.gid.GidType;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** Inventories for tests. */
public final class Tables {
  private Tables() {}

  /** An entry of type RoCE v2. */
  public static GidEntry entry(int index, String gid) {
    return new GidEntry(index, Gid.parse(gid), GidType.ROCE_V2, 4, "ens1f0");
  }

  /** A device with one active port of 1,024 slots. */
  public static Device device(String name, List<GidEntry> gids, List<GidEntry> podGids) {
    return new Device(
        name,
        "uverbs0",
        new DeviceAttributes("mlx5_core", "15b3", "1021", "28.42", "", "0000:19:00.0", 0),
        List.of(
            new Port(
                1,
                new PortAttributes("Ethernet", "ACTIVE", "LINK_UP", 4096, 400, 1024, ""),
                "ens1f0",
                gids,
                podGids)));
  }

  /** One device, {@code mlx5_0}, whose one address stands in this slot. */
  public static Inventory addressAt(int index) {
    return new Inventory(
        List.of(device("mlx5_0", List.of(entry(index, "::ffff:10.0.0.5")), List.of())));
  }

  /** One device with 1,000 entries, the first of which has this address. */
  public static Inventory full(int lastPart) {
    return new Inventory(
        List.of(
            device(
                "mlx5_0",
                IntStream.range(0, 1_000)
                    .mapToObj(index ->
                        entry(
                            index, index == 0 ? "2001:db8::1:" + lastPart : "2001:db8::2:" + index))
                    .toList(),
                List.of())));
  }

  /** What a recording holds. */
  public static Inventory of(Path recording) {
    if (RecordingReader.read(recording) instanceof RecordingResult.Valid valid) {
      return valid.recording().inventory();
    }
    throw new AssertionError(recording + " is not sound");
  }
}
