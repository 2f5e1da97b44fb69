package io.rdmagid.deviceplugin.netlink;

import io.rdmagid.gid.Gid;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Reads messages of rtnetlink: linux/rtnetlink.h, linux/if_link.h, linux/if_addr.h. Whatever a
 * message holds, it gives a value or none.
 */
final class NetlinkMessages {
  static final short RTM_NEWLINK = 16;
  static final short RTM_DELLINK = 17;
  static final short RTM_GETLINK = 18;
  static final short RTM_NEWADDR = 20;
  static final short RTM_DELADDR = 21;
  static final short RTM_GETADDR = 22;
  static final short RTM_NEWNSID = 88;
  static final short RTM_GETNSID = 90;
  static final int IFINFOMSG = 16;
  static final int IFADDRMSG = 8;
  static final int RTGENMSG = 4; // rtgenmsg of one byte, padded

  private static final int IFINFOMSG_INDEX = 4;
  private static final int IFADDRMSG_INDEX = 4;
  private static final int IFLA_ADDRESS = 1;
  private static final int IFLA_IFNAME = 3;
  private static final int IFLA_LINK = 5;
  private static final int IFLA_MASTER = 10;
  private static final int IFLA_LINK_NETNSID = 37;
  private static final int IFA_ADDRESS = 1;
  private static final int IFA_LOCAL = 2;
  private static final int IFA_FLAGS = 8;
  private static final int IFADDRMSG_FLAGS = 2;
  private static final int IFA_F_TEMPORARY = 0x01; // for IPv4 the same bit says "secondary"
  private static final int IFA_F_DADFAILED = 0x08;
  private static final int IFA_F_DEPRECATED = 0x20;
  private static final int IFA_F_TENTATIVE = 0x40;
  private static final int NETNSA_NSID = 1;
  private static final int ETHERNET_ADDRESS = 6;
  private static final byte AF_UNSPEC = 0;
  private static final byte AF_INET = 2;
  private static final byte AF_INET6 = 10;

  private NetlinkMessages() {}

  /**
   * A link without its addresses.
   *
   * @param hardwareAddress six bytes as a number, or 0 where it has none of that length
   * @param lower IFLA_LINK, 0 where there is none
   * @param lowerNamespace IFLA_LINK_NETNSID: the id, as the reader's namespace counts, of the one
   *     that {@code lower} is a number of; empty where that is the link's own
   * @param master IFLA_MASTER, 0 where there is none
   */
  record LinkMessage(
      int ifindex,
      String name,
      long hardwareAddress,
      int lower,
      OptionalInt lowerNamespace,
      int master) {}

  /**
   * The addresses of one RTM_NEWADDR.
   *
   * @param all the own one, and the peer's where there is one
   * @param usable the own one where a program can use it now: not tentative, deprecated or
   *     temporary
   * @param tentative the own one where a program can use it once the kernel has found no duplicate
   */
  record AddressMessage(int ifindex, Set<Gid> all, Optional<Gid> usable, Optional<Gid> tentative) {}

  /**
   * The link in a message; empty for another message, and for what a bridge says of its port
   * (AF_BRIDGE).
   */
  static Optional<LinkMessage> link(Message message) {
    ByteBuffer body = message.body();
    if (message.type() != RTM_NEWLINK || !isOfLink(body)) {
      return Optional.empty();
    }
    String name = "";
    long hardwareAddress = 0;
    int lower = 0;
    int master = 0;
    OptionalInt lowerNamespace = OptionalInt.empty();
    for (Attribute attribute = Attribute.at(body, IFINFOMSG);
        attribute.isThere();
        attribute = attribute.next()) {
      switch (attribute.type()) {
        case IFLA_IFNAME -> name = attribute.text();
        case IFLA_ADDRESS -> hardwareAddress = hardwareAddress(attribute.value());
        case IFLA_LINK -> lower = attribute.number();
        case IFLA_MASTER -> master = attribute.number();
        case IFLA_LINK_NETNSID -> lowerNamespace = OptionalInt.of(attribute.number());
        default -> {}
      }
    }
    return Optional.of(
        new LinkMessage(
            body.getInt(IFINFOMSG_INDEX), name, hardwareAddress, lower, lowerNamespace, master));
  }

  /**
   * The addresses in a message; empty for another message. IFA_LOCAL is the own one where it is
   * there: IFA_ADDRESS beside it is the other end's.
   */
  static Optional<AddressMessage> address(Message message) {
    ByteBuffer body = message.body();
    if (message.type() != RTM_NEWADDR || !isOfAddress(body)) {
      return Optional.empty();
    }
    int flags = Byte.toUnsignedInt(body.get(IFADDRMSG_FLAGS));
    Optional<Gid> address = Optional.empty();
    Optional<Gid> local = Optional.empty();
    for (Attribute attribute = Attribute.at(body, IFADDRMSG);
        attribute.isThere();
        attribute = attribute.next()) {
      switch (attribute.type()) {
        case IFA_ADDRESS -> address = gid(attribute.value());
        case IFA_LOCAL -> local = gid(attribute.value());
        case IFA_FLAGS -> flags = attribute.number(); // the header has the lowest eight only
        default -> {}
      }
    }
    int unusable = IFA_F_DADFAILED | IFA_F_DEPRECATED | IFA_F_TENTATIVE;
    if (body.get(0) == AF_INET6) {
      unusable |= IFA_F_TEMPORARY;
    }
    Set<Gid> all = new HashSet<>();
    address.ifPresent(all::add);
    local.ifPresent(all::add);
    Optional<Gid> own = local.isPresent() ? local : address;
    int against = flags & unusable;
    return Optional.of(
        new AddressMessage(
            body.getInt(IFADDRMSG_INDEX),
            all,
            against == 0 ? own : Optional.empty(),
            against == IFA_F_TENTATIVE ? own : Optional.empty()));
  }

  /** The ifindex of the link that an event is about; empty for any other message. */
  static OptionalInt changed(Message message) {
    ByteBuffer body = message.body();
    return switch (message.type()) {
      case RTM_NEWLINK, RTM_DELLINK ->
          isOfLink(body) ? OptionalInt.of(body.getInt(IFINFOMSG_INDEX)) : OptionalInt.empty();
      case RTM_NEWADDR, RTM_DELADDR ->
          isOfAddress(body) ? OptionalInt.of(body.getInt(IFADDRMSG_INDEX)) : OptionalInt.empty();
      default -> OptionalInt.empty();
    };
  }

  /** The namespace id in an answer to RTM_GETNSID; -1 where the namespace has none. */
  static Optional<Integer> namespaceId(Message message) {
    if (message.type() != RTM_NEWNSID) {
      return Optional.empty();
    }
    for (Attribute attribute = Attribute.at(message.body(), RTGENMSG);
        attribute.isThere();
        attribute = attribute.next()) {
      if (attribute.type() == NETNSA_NSID) {
        return Optional.of(attribute.number());
      }
    }
    return Optional.empty();
  }

  private static boolean isOfLink(ByteBuffer body) {
    return body.limit() >= IFINFOMSG && body.get(0) == AF_UNSPEC;
  }

  /** A dump of all families has those of MCTP and phonet, too. */
  private static boolean isOfAddress(ByteBuffer body) {
    return body.limit() >= IFADDRMSG && (body.get(0) == AF_INET || body.get(0) == AF_INET6);
  }

  /** Empty for what has the length of no IP address. */
  private static Optional<Gid> gid(byte[] address) {
    try {
      return Optional.of(Gid.of(InetAddress.getByAddress(address)));
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }

  private static long hardwareAddress(byte[] bytes) {
    if (bytes.length != ETHERNET_ADDRESS) {
      return 0;
    }
    long number = 0;
    for (byte b : bytes) {
      number = number << 8 | Byte.toUnsignedLong(b);
    }
    return number;
  }
}
