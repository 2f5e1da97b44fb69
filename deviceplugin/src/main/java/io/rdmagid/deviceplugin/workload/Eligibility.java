package io.rdmagid.deviceplugin.workload;

import io.rdmagid.deviceplugin.inventory.NamespaceLink;
import io.rdmagid.deviceplugin.inventory.NamespaceView;
import io.rdmagid.deviceplugin.inventory.Port;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.gid.GidType;
import io.rdmagid.gid.IpFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which entries of a port's table a program in a network namespace can use. The table has those of
 * all namespaces, and an ifindex is a number of the namespace that its netdev stands in: the same
 * one stands for other links elsewhere, and tenants' addresses overlap. So an entry counts only if
 * the namespace has a link of that number with that address, <em>and</em> that link leads to this
 * port. A name says no more than a number, and less where a default GID is all that leads to the
 * port: most pods have an eth0 or net1.
 */
final class Eligibility {
  /** The kernel keeps the first slots for default GIDs, one for each type of RoCE. */
  private static final int DEFAULT_GIDS = 2;

  private Eligibility() {}

  /** The entries, each with its netdev's name in the namespace, by index. */
  static List<GidEntry> entries(Port port, NamespaceView view) {
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
   * Over the links to the port's netdev in the host's namespace; or the link is the port's netdev
   * itself, moved into this namespace, as a virtual function is: then the port's default GID has
   * its number.
   */
  private static boolean leadsTo(Port port, NamespaceView view, NamespaceLink link) {
    return port.gids().stream()
            .filter(Eligibility::isDefault)
            .anyMatch(entry -> view.reaches(link.ifindex(), entry.ifindex()))
        || (!view.isHost()
            && port.podGids().stream()
                .filter(Eligibility::isDefault)
                .anyMatch(entry -> entry.ifindex() == link.ifindex()));
  }

  /** By number, or where the kernel gave a name only (sysfs) by name. */
  private static Optional<NamespaceLink> linkOf(GidEntry entry, NamespaceView view) {
    return entry.ifindex() != 0
        ? Optional.ofNullable(view.links().get(entry.ifindex()))
        : view.links().values().stream()
            .filter(link -> link.name().equals(entry.netdev()))
            .findFirst();
  }

  private static boolean isDefault(GidEntry entry) {
    return entry.index() < DEFAULT_GIDS
        && entry.gid().isLinkLocal()
        && entry.gid().family() == IpFamily.IPV6;
  }
}
