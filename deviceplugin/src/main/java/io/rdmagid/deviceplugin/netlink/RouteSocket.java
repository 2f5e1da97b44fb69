package io.rdmagid.deviceplugin.netlink;

import io.rdmagid.deviceplugin.netlink.NetlinkMessages.AddressMessage;
import io.rdmagid.deviceplugin.netlink.NetlinkMessages.LinkMessage;
import io.rdmagid.deviceplugin.posix.FileDescriptors;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * A NETLINK_ROUTE socket for dumps (rtnetlink(7)), in the network namespace that its thread stands
 * in when it is made. Not thread-safe: it belongs to the platform thread that made it.
 */
public final class RouteSocket implements AutoCloseable {
  private static final short NETNSA_FD = 3; // linux/net_namespace.h

  private final NetlinkSocket socket;

  /**
   * Opens the socket.
   *
   * @param descriptors of the same thread
   * @throws NetlinkException if the kernel refuses
   */
  public RouteSocket(FileDescriptors descriptors) {
    socket = NetlinkSocket.open(descriptors, NetlinkSocket.ROUTE);
  }

  /**
   * Takes over a socket, of whatever network namespace it was made in.
   *
   * @param descriptors of the same thread
   * @param descriptor of a NETLINK_ROUTE socket; {@link #close} closes it
   */
  RouteSocket(FileDescriptors descriptors, int descriptor) {
    socket = new NetlinkSocket(descriptors, descriptor);
  }

  /**
   * The id by which the socket's namespace knows another one, as messages of this socket use it; -1
   * where it has none.
   *
   * @param namespace a file descriptor of the other
   * @throws NetlinkException if the kernel refuses
   */
  int namespaceId(int namespace) {
    byte[] body = new byte[NetlinkMessages.RTGENMSG + Attribute.HEADER + Integer.BYTES];
    ByteBuffer.wrap(body)
        .order(ByteOrder.nativeOrder())
        .position(NetlinkMessages.RTGENMSG)
        .putShort((short) (Attribute.HEADER + Integer.BYTES))
        .putShort(NETNSA_FD)
        .putInt(namespace);
    return NetlinkMessages.namespaceId(socket.ask("RTM_GETNSID", NetlinkMessages.RTM_GETNSID, body))
        .orElse(-1);
  }

  /**
   * All links of the socket's namespace, by ifindex. Two dumps, so a link or address that comes or
   * goes between them may be missing: the caller reads again when the kernel tells of the change.
   *
   * @param patience of each of the two
   * @param maker what to make of a link and its addresses
   * @throws NetlinkException if the kernel refuses, EAGAIN if changes disturb a dump more often
   *     than the patience allows
   */
  <T> Map<Integer, T> links(
      Patience patience, BiFunction<LinkMessage, List<AddressMessage>, T> maker) {
    Map<Integer, List<AddressMessage>> addresses = new HashMap<>();
    for (AddressMessage address : dumpAddresses(patience, NetlinkMessages::address)) {
      addresses.computeIfAbsent(address.ifindex(), _ -> new ArrayList<>()).add(address);
    }
    Map<Integer, T> links = new HashMap<>();
    for (LinkMessage link : dumpLinks(patience, NetlinkMessages::link)) {
      links.put(
          link.ifindex(), maker.apply(link, addresses.getOrDefault(link.ifindex(), List.of())));
    }
    return links;
  }

  /**
   * What a parser makes of each link of the socket's namespace; it gives nothing of other messages.
   *
   * @throws NetlinkException if the kernel refuses, EAGAIN if changes disturb the dump more often
   *     than the patience allows
   */
  <T> List<T> dumpLinks(Patience patience, Function<Message, Optional<T>> parser) {
    return socket.dump(NetlinkMessages.RTM_GETLINK, NetlinkMessages.IFINFOMSG, patience, parser);
  }

  /** The same of each address. */
  <T> List<T> dumpAddresses(Patience patience, Function<Message, Optional<T>> parser) {
    return socket.dump(NetlinkMessages.RTM_GETADDR, NetlinkMessages.IFADDRMSG, patience, parser);
  }

  @Override
  public void close() {
    socket.close();
  }
}
