package io.rdmagid.pool;

import io.rdmagid.gid.GidEntry;
import java.util.List;

/**
 * What agent and operator both know of a port. Texts are empty where a fact is not known or does
 * not apply: software RoCE has no PCI address.
 *
 * @param node the Node's name
 * @param device the RDMA device's name, such as mlx5_0
 * @param port the port's number on its device, from 1
 * @param linkLayer {@code Ethernet} or {@code InfiniBand}
 * @param driver the kernel driver, such as mlx5_core
 * @param vendorId four hexadecimal digits in lower case
 * @param deviceId four hexadecimal digits in lower case
 * @param pciAddress such as 0000:3b:00.0
 * @param pfName of a virtual function the netdev of its physical function in the host's network
 *     namespace, such as ens1f0np0
 * @param vfIndex the index of a virtual function among those of its physical function, or -1
 * @param netdev the port's network device in the host's network namespace
 * @param numaNode the device's NUMA node, or -1
 * @param rateGbps gigabits a second; 0 where it is not known
 * @param active whether the port carries traffic
 * @param gids the entries of the host's network namespace
 */
public record PortFacts(
    String node,
    String device,
    int port,
    String linkLayer,
    String driver,
    String vendorId,
    String deviceId,
    String pciAddress,
    String pfName,
    int vfIndex,
    String netdev,
    int numaNode,
    double rateGbps,
    boolean active,
    List<GidEntry> gids) {
  /** The link layer of RoCE. */
  public static final String ETHERNET = "Ethernet";

  /** The link layer of InfiniBand. */
  public static final String INFINIBAND = "InfiniBand";

  public PortFacts {
    gids = List.copyOf(gids);
    if (node.isEmpty() || device.isEmpty() || port < 1) {
      throw new IllegalArgumentException(
          "a port has a node, a device and a number from 1: " + node + "/" + device + "/" + port);
    }
  }

  /** The same port with other entries. */
  public PortFacts withGids(List<GidEntry> others) {
    return new PortFacts(
        node,
        device,
        port,
        linkLayer,
        driver,
        vendorId,
        deviceId,
        pciAddress,
        pfName,
        vfIndex,
        netdev,
        numaNode,
        rateGbps,
        active,
        others);
  }

  /** The name of the port. */
  public PortRef ref() {
    return new PortRef(node, device, port);
  }
}
