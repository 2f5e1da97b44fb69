package io.rdmagid.deviceplugin.bench;

import io.rdmagid.deviceplugin.inventory.Device;
import io.rdmagid.deviceplugin.inventory.DeviceAttributes;
import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.inventory.NamespaceLink;
import io.rdmagid.deviceplugin.inventory.NamespaceLook;
import io.rdmagid.deviceplugin.inventory.NamespaceView;
import io.rdmagid.deviceplugin.inventory.Port;
import io.rdmagid.deviceplugin.inventory.PortAttributes;
import io.rdmagid.deviceplugin.netlink.NamespaceReader;
import io.rdmagid.deviceplugin.netlink.Patience;
import io.rdmagid.deviceplugin.workload.NamespaceFacts;
import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.gid.GidScope;
import io.rdmagid.gid.GidType;
import io.rdmagid.gid.IpFamily;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The port that containers share, and the address that each has there: that of the host, by given
 * links, or one of each pod's own, by what is in its network namespace.
 */
final class BenchAddresses {
  private static final int HOST_IFINDEX = 3;
  private static final Gid HOST_ADDRESS = Gid.parse("::ffff:10.10.0.1");

  /** An address as it stands in the port's table. */
  private record Address(int ifindex, Gid gid) {}

  private final String netdev;
  private final int ifindex;
  private final List<Path> namespaces;
  private final List<Address> addresses;

  private BenchAddresses(
      String netdev, int ifindex, List<Path> namespaces, List<Address> addresses) {
    this.netdev = netdev;
    this.ifindex = ifindex;
    this.namespaces = List.copyOf(namespaces);
    this.addresses = List.copyOf(addresses);
  }

  static BenchAddresses ofHost() {
    return new BenchAddresses(
        "rail0", HOST_IFINDEX, List.of(), List.of(new Address(HOST_IFINDEX, HOST_ADDRESS)));
  }

  /**
   * Pods whose eth0 leads to a netdev of the host.
   *
   * @throws RuntimeException if one of them is not there
   */
  static BenchAddresses ofPods(String netdev, List<Path> namespaces) {
    try (NamespaceReader reader = new NamespaceReader(Patience.LONG)) {
      int ifindex = link(reader.look(Optional.empty()), netdev).ifindex();
      List<Address> addresses = new ArrayList<>();
      for (Path namespace : namespaces) {
        NamespaceLink eth0 = link(reader.look(Optional.of(namespace)), "eth0");
        Gid gid =
            eth0.addresses().stream()
                .filter(address -> address.family() == IpFamily.IPV4)
                .findFirst()
                .orElseThrow();
        addresses.add(new Address(eth0.ifindex(), gid));
      }
      return new BenchAddresses(netdev, ifindex, namespaces, addresses);
    }
  }

  private static NamespaceLink link(NamespaceLook look, String name) {
    if (look instanceof NamespaceLook.Seen(NamespaceView view)) {
      return view.links().values().stream()
          .filter(link -> link.name().equals(name))
          .findFirst()
          .orElseThrow();
    }
    throw new IllegalStateException("looking for " + name + ": " + look);
  }

  GidScope scope() {
    return namespaces.isEmpty() ? GidScope.HOST : GidScope.POD;
  }

  /** Where a sandbox's network is; empty for the host's. */
  Optional<Path> namespace(int sandbox) {
    return namespaces.isEmpty()
        ? Optional.empty()
        : Optional.of(namespaces.get(sandbox % namespaces.size()));
  }

  /** What looks into namespaces, made by the thread that uses it. */
  Supplier<NamespaceFacts> facts() {
    if (!namespaces.isEmpty()) {
      return () -> new NamespaceReader(Patience.LONG)::look;
    }
    Map<Integer, NamespaceLink> links =
        Map.of(
            ifindex,
            new NamespaceLink(
                ifindex,
                netdev,
                0,
                0,
                NamespaceLink.Place.HOST,
                0,
                Set.of(HOST_ADDRESS),
                Set.of()));
    NamespaceLook host = new NamespaceLook.Seen(new NamespaceView(true, links, links));
    return () -> _ -> host;
  }

  /** A table with the port's default GID, and the addresses from this slot on. */
  Inventory tables(int first) {
    List<GidEntry> table = new ArrayList<>();
    table.add(entry(0, new Address(ifindex, Gid.parse("fe80::1"))));
    for (Address address : addresses) {
      table.add(entry(first + table.size() - 1, address));
    }
    List<GidEntry> host =
        table.stream().filter(entry -> namespaces.isEmpty() || entry.index() == 0).toList();
    List<GidEntry> pods = table.stream().filter(entry -> !host.contains(entry)).toList();
    Port port =
        new Port(
            1,
            new PortAttributes("Ethernet", "ACTIVE", "LINK_UP", 1024, 100, 1024, ""),
            netdev,
            host,
            pods);
    return new Inventory(
        List.of(
            new Device(
                "rxe0",
                "uverbs0",
                new DeviceAttributes("rdma_rxe", "", "", "", "", "", -1),
                List.of(port))));
  }

  private GidEntry entry(int index, Address address) {
    return new GidEntry(
        index, address.gid(), GidType.ROCE_V2, address.ifindex(), index == 0 ? netdev : "");
  }
}
