package io.rdmagid.deviceplugin.inventory;

import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.gid.GidType;
import io.rdmagid.gid.IpFamily;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which entries of a port's table a program in a network namespace can use. The table has those of
 * all namespaces, and an ifindex is a number of the namespace that its netdev stands in: the same
 * one stands for other links elsewhere, and tenants' addresses overlap. So an entry counts only if
 * the namespace has a link of that number with that address, <em>and</em> that link leads to this
 * port. A name says no more than a number, and less where a default GID is all that leads to the
 * port: most pods have an eth0 or net1.
 *
 * <p>Two entries that nothing tells apart both count: which of them to use is then no choice but
 * {@link io.rdmagid.gid.GidSelection.Ambiguous}.
 */
public final class Eligibility {
  private Eligibility() {}

  /** The entries, each with its netdev's name in the namespace, by index. */
  public static List<GidEntry> entries(Port port, NamespaceView view) {
    List<GidEntry> eligible = new ArrayList<>();
    for (GidEntry entry : port.table()) {
      if (entry.type() == GidType.IB && entry.ifindex() == 0) {
        eligible.add(entry); // it belongs to the port, not to a netdev
        continue;
      }
      linkOf(entry, view)
          .filter(link -> link.addresses().contains(entry.gid()) && leadsTo(port, view, link))
          .map(link ->
              new GidEntry(entry.index(), entry.gid(), entry.type(), link.ifindex(), link.name()))
          .ifPresent(eligible::add);
    }
    return eligible;
  }

  /**
   * An address that a program in the namespace will be able to use: the port's table lacks it,
   * where the kernel puts it a moment after the link has it, or the kernel still looks for a
   * duplicate of it.
   *
   * @param netdev the name of its link in the namespace
   * @param ifindex the link's number there
   * @param tentative whether a duplicate is looked for (DAD); the table may have it or not
   */
  public record Awaited(Gid gid, String netdev, int ifindex, boolean tentative) {
    /** For people, such as {@code 10.0.0.5 of net1}. */
    public String text() {
      return gid.address() + " of " + netdev;
    }
  }

  /** What is yet to come, of the links that lead to the port; in order. */
  public static List<Awaited> awaited(Port port, NamespaceView view) {
    Set<Gid> present = new HashSet<>();
    entries(port, view).forEach(entry -> present.add(entry.gid()));
    return view.links().values().stream()
        .filter(link -> !link.addresses().isEmpty() || !link.tentative().isEmpty())
        .filter(link -> leadsTo(port, view, link))
        .flatMap(link ->
            Stream.concat(
                link.addresses().stream()
                    .filter(gid -> !present.contains(gid))
                    .map(gid -> new Awaited(gid, link.name(), link.ifindex(), false)),
                link.tentative().stream()
                    .map(gid -> new Awaited(gid, link.name(), link.ifindex(), true))))
        .sorted(Comparator.comparing(Awaited::text))
        .toList();
  }

  /**
   * Whether the port's netdev has left the host's namespace and the table does not show it yet, or
   * shows no default GID at all, as in between: then nothing tells what leads to the port. A name
   * alone, as sysfs has it, tells nothing either way.
   */
  public static boolean netdevMoves(Port port, NamespaceView view) {
    if (port.table().stream().anyMatch(entry -> entry.type() == GidType.IB)) {
      return false;
    }
    Optional<GidEntry> ofHost = defaultGid(port.gids());
    return ofHost.isEmpty()
        ? defaultGid(port.podGids()).isEmpty()
        : ofHost.get().ifindex() != 0 && !view.host().containsKey(ofHost.get().ifindex());
  }

  /**
   * A node as a program in the namespace finds it: of each port the entries that it can use, and
   * all others as those of other namespaces.
   */
  public static Inventory seenFrom(NamespaceView view, Inventory inventory) {
    List<Device> devices = new ArrayList<>();
    for (Device device : inventory.devices()) {
      devices.add(
          new Device(
              device.name(),
              device.uverbs(),
              device.attributes(),
              device.ports().stream().map(port -> seenFrom(view, port)).toList(),
              device.readBy()));
    }
    return new Inventory(devices, inventory.unreadDevices(), inventory.namespaceMode());
  }

  private static Port seenFrom(NamespaceView view, Port port) {
    List<GidEntry> eligible = entries(port, view);
    Set<Integer> here = new HashSet<>();
    eligible.forEach(entry -> here.add(entry.index()));
    return new Port(
        port.number(),
        port.attributes(),
        Port.netdevOf(eligible),
        eligible,
        port.table().stream().filter(entry -> !here.contains(entry.index())).toList());
  }

  /**
   * Over the links to the port's netdev in the host's namespace; or to the netdev itself where that
   * was moved into this namespace, as a virtual function is: there the port's default GID has its
   * number and is made of its hardware address.
   */
  private static boolean leadsTo(Port port, NamespaceView view, NamespaceLink link) {
    return defaultGid(port.gids())
            .filter(entry -> view.reaches(link.ifindex(), entry.ifindex()))
            .isPresent()
        || defaultGid(port.podGids())
            .filter(entry -> !view.isHost() && isNetdevOf(entry, view))
            .filter(entry -> view.reachesHere(link.ifindex(), entry.ifindex()))
            .isPresent();
  }

  /**
   * Two ports whose netdevs got the same number in two pods differ by the hardware address. Where
   * the link has none of six bytes, the number has to do.
   */
  private static boolean isNetdevOf(GidEntry defaultGid, NamespaceView view) {
    NamespaceLink netdev = view.links().get(defaultGid.ifindex());
    return netdev != null
        && (netdev.hardwareAddress() == 0
            || DefaultGid.isOf(netdev.hardwareAddress(), defaultGid.gid()));
  }

  /** By number, or where the kernel gave a name only (sysfs) by name. */
  private static Optional<NamespaceLink> linkOf(GidEntry entry, NamespaceView view) {
    return entry.ifindex() != 0
        ? Optional.ofNullable(view.links().get(entry.ifindex()))
        : view.links().values().stream()
            .filter(link -> link.name().equals(entry.netdev()))
            .findFirst();
  }

  /**
   * The port's default GID, where it is among these. The kernel keeps the first slot for it, and
   * the second on a port that speaks two types of RoCE, which repeats it for the other. On a port
   * of one type slot 1 is the first that any address gets, a pod's link-local one maybe.
   */
  private static Optional<GidEntry> defaultGid(List<GidEntry> entries) {
    return entries.stream()
        .filter(entry -> entry.index() == 0)
        .filter(entry -> entry.gid().isLinkLocal() && entry.gid().family() == IpFamily.IPV6)
        .findFirst();
  }
}
