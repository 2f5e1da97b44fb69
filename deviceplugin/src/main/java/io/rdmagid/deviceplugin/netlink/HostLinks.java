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

  /** Takes over the socket, and with it the thread that owns it. */
  public HostLinks(RouteSocket socket) {
    this.socket = socket;
  }

  /**
   * All links, by ifindex. What comes or goes meanwhile may be missing: the caller reads again when
   * the kernel tells of the change.
   *
   * @throws NetlinkException if the kernel refuses
   */
  public Map<Integer, Link> read() {
    return socket.links(HostLinks::link);
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
