package io.rdmagid.deviceplugin.netlink;

import io.rdmagid.deviceplugin.inventory.NamespaceLink;
import io.rdmagid.deviceplugin.inventory.NamespaceLook;
import io.rdmagid.deviceplugin.inventory.NamespaceView;
import io.rdmagid.deviceplugin.netlink.NetlinkMessages.AddressMessage;
import io.rdmagid.deviceplugin.posix.Errno;
import io.rdmagid.deviceplugin.posix.FileDescriptors;
import io.rdmagid.gid.Gid;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Looks into network namespaces: links, what they are stacked on, and the addresses that programs
 * there can use. It belongs to the platform thread that made it, which stands in the host's
 * namespace. Nothing of a namespace is held between two looks, so none is kept alive.
 */
public final class NamespaceReader implements AutoCloseable {
  private final FileDescriptors descriptors = new FileDescriptors();
  private final NamespaceVisit visit = new NamespaceVisit(descriptors);
  private final RouteSocket host = new RouteSocket(descriptors);
  private final Patience patience;

  /**
   * Opens what it needs.
   *
   * @param patience of each of the dumps, of which a look takes four
   * @throws NetlinkException if the kernel refuses
   */
  public NamespaceReader(Patience patience) {
    this.patience = patience;
  }

  /**
   * What is in a namespace now.
   *
   * @param namespace a file to enter it by; empty for the host's own
   */
  public NamespaceLook look(Optional<Path> namespace) {
    try {
      Map<Integer, NamespaceLink> hostLinks = links(host, OptionalInt.empty());
      return namespace.isEmpty()
          ? new NamespaceLook.Seen(new NamespaceView(true, hostLinks, hostLinks))
          : look(namespace.get(), hostLinks);
    } catch (NetlinkException e) {
      return NamespaceLook.Unseen.refused(e.getMessage());
    }
  }

  @Override
  public void close() {
    host.close();
    visit.close();
    descriptors.close();
  }

  private NamespaceLook look(Path namespace, Map<Integer, NamespaceLink> hostLinks) {
    RouteSocket entered;
    try {
      entered = visit.socket(namespace);
    } catch (NetlinkException e) {
      return unseen(e);
    }
    try (RouteSocket socket = entered) {
      int hostId = socket.namespaceId(visit.home());
      OptionalInt known = hostId < 0 ? OptionalInt.empty() : OptionalInt.of(hostId);
      return new NamespaceLook.Seen(new NamespaceView(false, links(socket, known), hostLinks));
    }
  }

  /** What a refusal on the way into a namespace means: open(2) and setns(2). */
  static NamespaceLook.Unseen unseen(NetlinkException refusal) {
    NamespaceLook.Why why;
    if (refusal.errno() == Errno.ENOENT.code() || refusal.errno() == Errno.ENOTDIR.code()) {
      why = NamespaceLook.Why.GONE;
    } else if (refusal.errno() == Errno.EINVAL.code()) {
      why = NamespaceLook.Why.NO_NAMESPACE;
    } else {
      why = NamespaceLook.Why.REFUSED;
    }
    return new NamespaceLook.Unseen(why, String.valueOf(refusal.getMessage()));
  }

  private Map<Integer, NamespaceLink> links(RouteSocket socket, OptionalInt hostId) {
    return socket.links(
        patience,
        (link, addresses) ->
            new NamespaceLink(
                link.ifindex(),
                link.name(),
                link.hardwareAddress(),
                link.lower(),
                place(link.lowerNamespace(), hostId),
                link.master(),
                gids(addresses, AddressMessage::usable),
                gids(addresses, AddressMessage::tentative)));
  }

  private static Set<Gid> gids(
      List<AddressMessage> addresses, Function<AddressMessage, Optional<Gid>> kind) {
    return addresses.stream()
        .flatMap(address -> kind.apply(address).stream())
        .collect(Collectors.toSet());
  }

  /** Ids count from 0, and mean something only to the namespace that was asked. */
  private static NamespaceLink.Place place(OptionalInt lowerNamespace, OptionalInt hostId) {
    if (lowerNamespace.isEmpty()) {
      return NamespaceLink.Place.HERE;
    }
    return lowerNamespace.equals(hostId) ? NamespaceLink.Place.HOST : NamespaceLink.Place.ELSEWHERE;
  }
}
