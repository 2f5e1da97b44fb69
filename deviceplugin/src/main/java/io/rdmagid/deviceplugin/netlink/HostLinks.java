package io.rdmagid.deviceplugin.netlink;

import io.rdmagid.deviceplugin.inventory.Link;
import io.rdmagid.deviceplugin.netlink.NetlinkMessages.AddressMessage;
import io.rdmagid.deviceplugin.netlink.NetlinkMessages.LinkMessage;
import io.rdmagid.gid.Gid;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The links of the agent's own network namespace with their addresses, read afresh each time. */
public final class HostLinks implements AutoCloseable {
  private final RouteSocket socket;

  /** What became of a reading. */
  public sealed interface Reading {
    /** All links, by ifindex. */
    record Read(Map<Integer, Link> links) implements Reading {
      public Read {
        links = Map.copyOf(links);
      }
    }

    /**
     * The kernel refused, or changes disturbed it again and again.
     *
     * @param operation which
     * @param errno why; EAGAIN where changes did
     */
    record Refused(String operation, int errno) implements Reading {}
  }

  /** Takes over the socket, and with it the thread that owns it. */
  public HostLinks(RouteSocket socket) {
    this.socket = socket;
  }

  /**
   * All links. What comes or goes meanwhile may be missing: the caller reads again when the kernel
   * tells of the change. While links or addresses change all the time it takes up to some 5 s.
   */
  public Reading read() {
    try {
      return new Reading.Read(socket.links(Patience.LONG, HostLinks::link));
    } catch (NetlinkException e) {
      return new Reading.Refused(e.operation(), e.errno());
    }
  }

  @Override
  public void close() {
    socket.close();
  }

  private static Link link(LinkMessage link, List<AddressMessage> addresses) {
    Set<Gid> all = new HashSet<>();
    addresses.forEach(address -> all.addAll(address.all()));
    Set<Gid> unusable = new HashSet<>(all);
    addresses.forEach(address -> address.usable().ifPresent(unusable::remove));
    return new Link(link.ifindex(), link.name(), link.hardwareAddress(), all, unusable);
  }
}
