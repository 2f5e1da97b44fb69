package io.rdmagid.deviceplugin.workload;

import java.util.List;

/**
 * A pool as this node offers it to the kubelet.
 *
 * @param pool its name, a DNS label
 * @param resourceName under which the kubelet counts it, such as {@code rdmagid.io/rail}
 * @param devices by id, in the order of the pool's ports; at most 4,096
 */
public record PoolOffer(String pool, String resourceName, List<OfferedDevice> devices) {
  public PoolOffer {
    devices = List.copyOf(devices);
  }

  /**
   * One share of a port.
   *
   * @param id unique over all pools of the node
   * @param device the RDMA device's name
   * @param port from 1
   * @param healthy whether a new container may get it
   * @param numaNode the device's NUMA node, or -1
   */
  public record OfferedDevice(String id, String device, int port, boolean healthy, int numaNode) {}
}
