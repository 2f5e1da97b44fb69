package io.rdmagid.deviceplugin.others;

import io.rdmagid.deviceplugin.inventory.Device;
import io.rdmagid.deviceplugin.inventory.DeviceAttributes;
import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.workload.PoolOffer;
import io.rdmagid.deviceplugin.workload.PoolOffer.OfferedDevice;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Devices and pools of a node. */
final class Node {
  private Node() {}

  /** Devices {@code mlx5_N}, whose nodes are uverbs10 and those that follow. */
  static Inventory devices(int number) {
    return inventory(
        IntStream.range(0, number)
            .mapToObj(n -> device("mlx5_" + n, "uverbs" + (10 + n)))
            .toArray(Device[]::new));
  }

  static Inventory inventory(Device... devices) {
    return new Inventory(List.of(devices));
  }

  static Device device(String name, String uverbs) {
    return new Device(name, uverbs, new DeviceAttributes("", "", "", "", "", "", -1), List.of());
  }

  /** A pool with two shares of the one port of each. */
  static PoolOffer pool(String name, String... devices) {
    return new PoolOffer(
        name,
        "rdmagid.io/" + name,
        Arrays.stream(devices)
            .flatMap(device ->
                Stream.of("0", "1")
                    .map(n -> new OfferedDevice(device + ":1::" + n, device, 1, true, -1)))
            .toList());
  }
}
