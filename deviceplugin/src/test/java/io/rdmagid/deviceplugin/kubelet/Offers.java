package io.rdmagid.deviceplugin.kubelet;

import io.rdmagid.deviceplugin.workload.PoolOffer;
import io.rdmagid.deviceplugin.workload.PoolOffer.OfferedDevice;
import java.util.Arrays;
import java.util.List;

/** Pools to offer. */
final class Offers {
  private Offers() {}

  /** A pool of healthy devices, each with a port of its own on an unknown NUMA node. */
  static PoolOffer pool(String name, String... ids) {
    return new PoolOffer(
        name, "rdmagid.io/" + name, Arrays.stream(ids).map(id -> device(id, id, -1)).toList());
  }

  static PoolOffer pool(String name, List<OfferedDevice> devices) {
    return new PoolOffer(name, "rdmagid.io/" + name, devices);
  }

  static OfferedDevice device(String id, String device, int numaNode) {
    return new OfferedDevice(id, device, 1, true, numaNode);
  }

  static OfferedDevice unhealthy(String id) {
    return new OfferedDevice(id, id, 1, false, -1);
  }
}
