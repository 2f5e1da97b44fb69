package io.rdmagid.deviceplugin.cluster;

import io.rdmagid.deviceplugin.inventory.Device;
import io.rdmagid.deviceplugin.inventory.DeviceAttributes;
import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.inventory.Port;
import io.rdmagid.deviceplugin.inventory.PortAttributes;
import io.rdmagid.deviceplugin.inventory.ReadBy;
import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.gid.GidType;
import java.util.List;

/** Inventories to publish. */
final class Inventories {
  private Inventories() {}

  /** The same device while its port has no entry. */
  static Device empty(String name) {
    Device device = device(name, "10.0.0.1");
    Port port = device.ports().getFirst();
    return new Device(
        name,
        device.uverbs(),
        device.attributes(),
        List.of(new Port(1, port.attributes(), "", List.of(), List.of())));
  }

  /** A device with one active port that has one RoCE v2 entry with this IPv4 address. */
  static Device device(String name, String address) {
    PortAttributes attributes =
        new PortAttributes("Ethernet", "ACTIVE", "LINK_UP", 1024, 2.5, 1024, "");
    GidEntry entry =
        new GidEntry(1, Gid.parse("::ffff:" + address), GidType.ROCE_V2, 2, name + "-eth");
    return new Device(
        name,
        "uverbs0",
        new DeviceAttributes("rdma_rxe", "", "", "", "0202:00ff:fe00:0001", "", -1),
        List.of(new Port(1, attributes, name + "-eth", List.of(entry), List.of())));
  }

  /** The same, read in another way. */
  static Inventory readBy(ReadBy readBy, Inventory inventory) {
    return new Inventory(
        inventory.devices().stream()
            .map(device ->
                new Device(
                    device.name(), device.uverbs(), device.attributes(), device.ports(), readBy))
            .toList());
  }

  static Inventory of(Device... devices) {
    return new Inventory(List.of(devices));
  }

  /** Two devices, the first with this address. */
  static Inventory two(String address) {
    return of(device("rxe0", address), device("rxe1", "10.0.1.1"));
  }
}
