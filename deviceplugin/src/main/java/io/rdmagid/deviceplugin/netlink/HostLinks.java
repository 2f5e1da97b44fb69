package io.rdmagid.deviceplugin.netlink;

import io.rdmagid.deviceplugin.inventory.Link;
import io.rdmagid.gid.Gid;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The links of the agent's own network namespace with their addresses, read afresh each time. */
public final class HostLinks implements AutoCloseable {
  private final RouteSocket socket;

  /** Takes over the socket, and with it the thread that owns it. */
  public HostLinks(RouteSocket socket) {
    this.socket = socket;
  }

  /**
   * All links, by ifindex. Two dumps, so a link or address that comes or goes between them may be
   * missing: the caller reads again when the kernel tells of the change.
   *
   * @throws NetlinkException if the kernel refuses
   */
  public Map<Integer, Link> read() {
    Map<Integer, Set<Gid>> addresses = new HashMap<>();
    for (NetlinkMessages.AddressMessage address :
        socket.dump(
            NetlinkMessages.RTM_GETADDR, NetlinkMessages.IFADDRMSG, NetlinkMessages::address)) {
      addresses
          .computeIfAbsent(address.ifindex(), _ -> new HashSet<>())
          .addAll(address.addresses());
    }
    Map<Integer, Link> links = new HashMap<>();
    for (NetlinkMessages.LinkMessage link :
        socket.dump(
            NetlinkMessages.RTM_GETLINK, NetlinkMessages.IFINFOMSG, NetlinkMessages::link)) {
      links.put(
          link.ifindex(),
          new Link(
              link.ifindex(),
              link.name(),
              link.hardwareAddress(),
              addresses.getOrDefault(link.ifindex(), Set.of())));
    }
    return links;
  }

  @Override
  public void close() {
    socket.close();
  }
}
