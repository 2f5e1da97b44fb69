package io.rdmagid.deviceplugin.netlink;

import io.rdmagid.deviceplugin.inventory.NamespaceLink;
import io.rdmagid.deviceplugin.inventory.NamespaceLook;
import io.rdmagid.deviceplugin.inventory.NamespaceView;
import io.rdmagid.deviceplugin.posix.FileDescriptors;
import io.rdmagid.gid.Gid;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Looks into network namespaces: links, what they are stacked on, and the addresses that programs
 * there can use. It belongs to the platform thread that made it, which stands in the host's
 * namespace. Nothing of a namespace is held between two looks, so none is kept alive.
 */
public final class NamespaceReader implements AutoCloseable {
  private final FileDescriptors descriptors = new FileDescriptors();
  private final NamespaceVisit visit = new NamespaceVisit(descriptors);
  private final RouteSocket host = new RouteSocket(descriptors);

  /**
   * What is in a namespace now.
   *
   * @param namespace a file to enter it by; empty for the host's own
   */
  public NamespaceLook look(Optional<Path> namespace) {
    try {
      Map<Integer, NamespaceLink> hostLinks = links(host, OptionalInt.empty());
      if (namespace.isEmpty()) {
        return new NamespaceLook.Seen(new NamespaceView(true, hostLinks, hostLinks));
      }
      try (RouteSocket socket = visit.socket(namespace.get())) {
        int hostId = socket.namespaceId(visit.home());
        OptionalInt known = hostId < 0 ? OptionalInt.empty() : OptionalInt.of(hostId);
        return new NamespaceLook.Seen(new NamespaceView(false, links(socket, known), hostLinks));
      }
    } catch (NetlinkException e) {
      return new NamespaceLook.Unseen(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public void close() {
    host.close();
    visit.close();
    descriptors.close();
  }

  private static Map<Integer, NamespaceLink> links(RouteSocket socket, OptionalInt hostId) {
    Map<Integer, Set<Gid>> addresses = new HashMap<>();
    for (NetlinkMessages.UsableAddress address :
        socket.dump(
            NetlinkMessages.RTM_GETADDR,
            NetlinkMessages.IFADDRMSG,
            NetlinkMessages::usableAddress)) {
      addresses.computeIfAbsent(address.ifindex(), _ -> new HashSet<>()).add(address.address());
    }
    Map<Integer, NamespaceLink> links = new HashMap<>();
    for (NetlinkMessages.StackMessage link :
        socket.dump(
            NetlinkMessages.RTM_GETLINK, NetlinkMessages.IFINFOMSG, NetlinkMessages::stack)) {
      links.put(
          link.ifindex(),
          new NamespaceLink(
              link.ifindex(),
              link.name(),
              link.lower(),
              place(link.lowerNamespace(), hostId),
              link.master(),
              addresses.getOrDefault(link.ifindex(), Set.of())));
    }
    return links;
  }

  /** Ids count from 0, and mean something only to the namespace that was asked. */
  private static NamespaceLink.Place place(OptionalInt lowerNamespace, OptionalInt hostId) {
    if (lowerNamespace.isEmpty()) {
      return NamespaceLink.Place.HERE;
    }
    return lowerNamespace.equals(hostId) ? NamespaceLink.Place.HOST : NamespaceLink.Place.ELSEWHERE;
  }
}
