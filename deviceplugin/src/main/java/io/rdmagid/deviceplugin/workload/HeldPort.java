package io.rdmagid.deviceplugin.workload;

import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.inventory.Port;
import java.util.Optional;

/**
 * A port behind a device id.
 *
 * @param device the RDMA device's name
 * @param port from 1
 */
public record HeldPort(String device, int port) {
  /** The port that an offered id stands for. */
  static HeldPort of(PoolOffer.OfferedDevice device) {
    return new HeldPort(device.device(), device.port());
  }

  /** The port as an inventory has it; empty where it has none. */
  Optional<Port> in(Inventory inventory) {
    return inventory.device(device).flatMap(candidate -> candidate.port(port));
  }

  /** For people: {@code mlx5_0/1}. */
  @Override
  public String toString() {
    return device + "/" + port;
  }
}
