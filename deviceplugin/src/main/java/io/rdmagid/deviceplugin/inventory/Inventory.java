package io.rdmagid.deviceplugin.inventory;

import java.util.Comparator;
import java.util.List;

/**
 * All RDMA devices of a node at one moment.
 *
 * @param devices by name, ascending, in whatever order they are given
 */
public record Inventory(List<Device> devices) {
  /** A node without RDMA devices. */
  public static final Inventory EMPTY = new Inventory(List.of());

  public Inventory {
    devices = devices.stream().sorted(Comparator.comparing(Device::name)).toList();
  }
}
