package io.rdmagid.deviceplugin.wire;

import io.rdmagid.deviceplugin.inventory.Device;
import io.rdmagid.deviceplugin.inventory.DeviceAttributes;
import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.inventory.Port;
import io.rdmagid.deviceplugin.inventory.PortAttributes;
import io.rdmagid.deviceplugin.inventory.RdmaNamespaceMode;
import io.rdmagid.deviceplugin.inventory.ReadBy;
import io.rdmagid.deviceplugin.inventory.UnreadDevice;
import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.gid.GidType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Any inventories, from few names, so that two of them have much in common. */
final class Inventories {
  private static final List<String> TEXTS = List.of("", "a", "mlx5_core", "RoCE v2", "ö 0000:19");

  private final Random random;

  Inventories(long seed) {
    random = new Random(seed);
  }

  Inventory next() {
    List<Device> devices = new ArrayList<>();
    List<UnreadDevice> unread = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      switch (random.nextInt(4)) {
        case 0 -> {}
        case 1 -> unread.add(unread("mlx5_" + i));
        default -> devices.add(device("mlx5_" + i));
      }
    }
    return new Inventory(devices, unread, any(List.of(RdmaNamespaceMode.values())));
  }

  private UnreadDevice unread(String name) {
    return new UnreadDevice(
        name,
        any(List.of(UnreadDevice.Cause.values())),
        text(),
        attributes(),
        random.nextBoolean() ? List.of() : List.of(1, 2));
  }

  private DeviceAttributes attributes() {
    return new DeviceAttributes(
        text(),
        text(),
        text(),
        text(),
        text(),
        text(),
        text(),
        random.nextInt(4) - 1,
        random.nextInt(4) - 1);
  }

  private Device device(String name) {
    List<Port> ports = new ArrayList<>();
    for (int number = 1; number <= random.nextInt(4); number++) {
      ports.add(port(number));
    }
    return new Device(name, text(), attributes(), ports, any(List.of(ReadBy.values())));
  }

  private Port port(int number) {
    List<GidEntry> gids = new ArrayList<>();
    List<GidEntry> podGids = new ArrayList<>();
    Set<Integer> unusable = new HashSet<>();
    for (int index = random.nextInt(3); index < 20; index += 1 + random.nextInt(6)) {
      boolean pods = random.nextInt(4) == 0;
      (pods ? podGids : gids).add(entry(index));
      if (!pods && random.nextInt(4) == 0) {
        unusable.add(index);
      }
    }
    return new Port(
        number,
        new PortAttributes(
            text(),
            text(),
            text(),
            random.nextInt(65_537),
            random.nextInt(9) / 4.0,
            random.nextInt(65_536),
            text()),
        text(),
        gids,
        podGids,
        unusable);
  }

  private GidEntry entry(int index) {
    Gid gid =
        switch (random.nextInt(3)) {
          case 0 -> Gid.parse("::ffff:10.0.0." + index);
          case 1 -> Gid.parse("fe80::" + (index + 1));
          default -> new Gid(random.nextLong() | 1, random.nextLong());
        };
    return new GidEntry(
        index,
        gid,
        any(List.of(GidType.values())),
        random.nextBoolean() ? 0 : random.nextInt(Integer.MAX_VALUE),
        text());
  }

  private String text() {
    return any(TEXTS);
  }

  private <T> T any(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }
}
