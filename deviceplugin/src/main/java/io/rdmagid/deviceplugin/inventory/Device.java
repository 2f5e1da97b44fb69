package io.rdmagid.deviceplugin.inventory;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * An RDMA device.
 *
 * @param name as the RDMA subsystem knows it, such as {@code mlx5_0}
 * @param uverbs the name of its device node under /dev/infiniband ("uverbs0")
 * @param ports by number, ascending
 * @param readBy how the tables were read; no fact about the device, so it is neither published nor
 *     a change
 */
public record Device(
    String name, String uverbs, DeviceAttributes attributes, List<Port> ports, ReadBy readBy) {
  public Device {
    ports = ports.stream().sorted(Comparator.comparingInt(Port::number)).toList();
  }

  /** A device whose tables were read as they mostly are. */
  public Device(String name, String uverbs, DeviceAttributes attributes, List<Port> ports) {
    this(name, uverbs, attributes, ports, ReadBy.IOCTL);
  }

  /** The port of this number; empty where the device has none. */
  public Optional<Port> port(int number) {
    return ports.stream().filter(port -> port.number() == number).findFirst();
  }
}
