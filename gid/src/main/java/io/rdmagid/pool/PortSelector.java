package io.rdmagid.pool;

import io.rdmagid.gid.IpSubnet;
import java.util.List;

/**
 * Which ports are meant. Of each list one element has to fit, an empty list fits every port, and
 * all lists have to fit. A fact that is not known fits no list that has elements.
 *
 * @param names of RDMA devices
 * @param netdevs of network devices in the host's network namespace
 * @param drivers of kernel drivers
 * @param vendors of PCI vendor ids, four hexadecimal digits in lower case
 * @param deviceIds of PCI device ids, four hexadecimal digits in lower case
 * @param pciAddresses such as 0000:3b:*
 * @param pfNames virtual functions by the netdevs of their physical functions
 * @param linkLayers {@code Ethernet} or {@code InfiniBand}
 * @param numaNodes from 0
 * @param minRateGbps the least rate in Gbit/s; 0 for any
 * @param subnets ranges that hold the address of one of the port's GIDs
 */
public record PortSelector(
    List<Glob> names,
    List<Glob> netdevs,
    List<Glob> drivers,
    List<Glob> vendors,
    List<Glob> deviceIds,
    List<Glob> pciAddresses,
    List<VirtualFunctions> pfNames,
    List<String> linkLayers,
    List<Integer> numaNodes,
    double minRateGbps,
    List<IpSubnet> subnets) {
  /** Fits every port. */
  public static final PortSelector ANY =
      new PortSelector(
          List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(),
          List.of(), 0, List.of());

  public PortSelector {
    names = List.copyOf(names);
    netdevs = List.copyOf(netdevs);
    drivers = List.copyOf(drivers);
    vendors = List.copyOf(vendors);
    deviceIds = List.copyOf(deviceIds);
    pciAddresses = List.copyOf(pciAddresses);
    pfNames = List.copyOf(pfNames);
    linkLayers = List.copyOf(linkLayers);
    numaNodes = List.copyOf(numaNodes);
    subnets = List.copyOf(subnets);
  }

  /** Whether {@code port} is meant. */
  public boolean matches(PortFacts port) {
    return fits(names, port.device())
        && fits(netdevs, port.netdev())
        && fits(drivers, port.driver())
        && fits(vendors, port.vendorId())
        && fits(deviceIds, port.deviceId())
        && fits(pciAddresses, port.pciAddress())
        && (pfNames.isEmpty() || pfNames.stream().anyMatch(some -> some.include(port)))
        && (linkLayers.isEmpty() || linkLayers.contains(port.linkLayer()))
        && (numaNodes.isEmpty() || numaNodes.contains(port.numaNode()))
        && port.rateGbps() >= minRateGbps
        && (subnets.isEmpty() || hasGidInSubnets(port));
  }

  private boolean hasGidInSubnets(PortFacts port) {
    return port.gids().stream()
        .anyMatch(entry -> subnets.stream().anyMatch(subnet -> subnet.contains(entry.gid())));
  }

  private static boolean fits(List<Glob> globs, String fact) {
    return globs.isEmpty()
        || (!fact.isEmpty() && globs.stream().anyMatch(glob -> glob.matches(fact)));
  }
}
