package io.rdmagid.deviceplugin.inventory;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * All RDMA devices of a node at one moment.
 *
 * @param devices by name, ascending
 */
public record Inventory(List<Device> devices) {
  /** A node without RDMA devices. */
  public static final Inventory EMPTY = new Inventory(List.of());

  public Inventory {
    devices = devices.stream().sorted(Comparator.comparing(Device::name)).toList();
  }

  /** The same, from devices in any order. */
  public static Inventory of(Collection<Device> devices) {
    return new Inventory(List.copyOf(devices));
  }
}
