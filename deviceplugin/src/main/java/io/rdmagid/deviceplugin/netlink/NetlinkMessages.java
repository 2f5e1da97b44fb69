package io.rdmagid.deviceplugin.netlink;

import io.rdmagid.gid.Gid;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Reads messages of rtnetlink: linux/rtnetlink.h, linux/if_link.h, linux/if_addr.h. */
final class NetlinkMessages {
  static final int HEADER = 16; // nlmsghdr
  static final short RTM_NEWLINK = 16;
  static final short RTM_GETLINK = 18;
  static final short RTM_NEWADDR = 20;
  static final short RTM_GETADDR = 22;
  static final short RTM_NEWNSID = 88;
  static final short RTM_GETNSID = 90;
  static final int IFINFOMSG = 16;
  static final int IFADDRMSG = 8;

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
  private static final int RTGENMSG = 4; // rtgenmsg of one byte, padded
  private static final int ATTRIBUTE_HEADER = 4;
  private static final int ATTRIBUTE_TYPE_MASK = 0x3fff;
  private static final int ETHERNET_ADDRESS = 6;
  private static final byte AF_UNSPEC = 0;
  private static final byte AF_INET = 2;
  private static final byte AF_INET6 = 10;

  private NetlinkMessages() {}

  /** A link without its addresses. */
  record LinkMessage(int ifindex, String name, long hardwareAddress) {}

  /** The addresses of one RTM_NEWADDR: the own one, and the peer's where there is one. */
  record AddressMessage(int ifindex, Set<Gid> addresses) {}

  /**
   * How a link hangs together with others.
   *
   * @param lower IFLA_LINK, 0 where there is none
   * @param lowerNamespace IFLA_LINK_NETNSID: the id, as the reader's namespace counts, of the one
   *     that {@code lower} is a number of; empty where that is the link's own
   * @param master IFLA_MASTER, 0 where there is none
   */
  record StackMessage(
      int ifindex, String name, int lower, OptionalInt lowerNamespace, int master) {}

  /** An address that a program can use now. */
  record UsableAddress(int ifindex, Gid address) {}

  static int align(int length) {
    return (length + 3) & ~3;
  }

  /**
   * The link in a message; empty for another message, and for what a bridge says of its port
   * (AF_BRIDGE).
   */
  static Optional<LinkMessage> link(RouteSocket.Message message) {
    ByteBuffer body = message.body();
    if (message.type() != RTM_NEWLINK || body.remaining() < IFINFOMSG || body.get(0) != AF_UNSPEC) {
      return Optional.empty();
    }
    int ifindex = body.getInt(IFINFOMSG_INDEX);
    String name = "";
    long hardwareAddress = 0;
    for (Attribute attribute = Attribute.at(body, IFINFOMSG);
        attribute.isThere();
        attribute = attribute.next()) {
      byte[] value = attribute.value();
      switch (attribute.type()) {
        case IFLA_IFNAME -> name = text(value);
        case IFLA_ADDRESS -> hardwareAddress = value.length == ETHERNET_ADDRESS ? number(value) : 0;
        default -> {}
      }
    }
    return Optional.of(new LinkMessage(ifindex, name, hardwareAddress));
  }

  /** The addresses in a message; empty for another message. */
  static Optional<AddressMessage> address(RouteSocket.Message message) {
    ByteBuffer body = message.body();
    if (message.type() != RTM_NEWADDR || body.remaining() < IFADDRMSG || !isIp(body.get(0))) {
      return Optional.empty();
    }
    Set<Gid> addresses = new HashSet<>();
    for (Attribute attribute = Attribute.at(body, IFADDRMSG);
        attribute.isThere();
        attribute = attribute.next()) {
      if (attribute.type() == IFA_ADDRESS || attribute.type() == IFA_LOCAL) {
        gid(attribute.value()).ifPresent(addresses::add);
      }
    }
    return Optional.of(new AddressMessage(body.getInt(IFADDRMSG_INDEX), addresses));
  }

  /** The link in a message, with what it is stacked on; empty for another message. */
  static Optional<StackMessage> stack(RouteSocket.Message message) {
    ByteBuffer body = message.body();
    if (message.type() != RTM_NEWLINK || body.remaining() < IFINFOMSG || body.get(0) != AF_UNSPEC) {
      return Optional.empty();
    }
    String name = "";
    int lower = 0;
    int master = 0;
    OptionalInt lowerNamespace = OptionalInt.empty();
    for (Attribute attribute = Attribute.at(body, IFINFOMSG);
        attribute.isThere();
        attribute = attribute.next()) {
      switch (attribute.type()) {
        case IFLA_IFNAME -> name = text(attribute.value());
        case IFLA_LINK -> lower = attribute.number();
        case IFLA_MASTER -> master = attribute.number();
        case IFLA_LINK_NETNSID -> lowerNamespace = OptionalInt.of(attribute.number());
        default -> {}
      }
    }
    return Optional.of(
        new StackMessage(body.getInt(IFINFOMSG_INDEX), name, lower, lowerNamespace, master));
  }

  /**
   * The own address in a message; empty for another message, and for an address that is tentative,
   * deprecated or temporary. IFA_LOCAL is the own one where it is there: IFA_ADDRESS beside it is
   * the other end's.
   */
  static Optional<UsableAddress> usableAddress(RouteSocket.Message message) {
    ByteBuffer body = message.body();
    if (message.type() != RTM_NEWADDR || body.remaining() < IFADDRMSG || !isIp(body.get(0))) {
      return Optional.empty();
    }
    int flags = Byte.toUnsignedInt(body.get(IFADDRMSG_FLAGS));
    byte[] address = {};
    byte[] local = {};
    for (Attribute attribute = Attribute.at(body, IFADDRMSG);
        attribute.isThere();
        attribute = attribute.next()) {
      switch (attribute.type()) {
        case IFA_ADDRESS -> address = attribute.value();
        case IFA_LOCAL -> local = attribute.value();
        case IFA_FLAGS -> flags = attribute.number(); // the header has the lowest eight only
        default -> {}
      }
    }
    int unusable = IFA_F_DADFAILED | IFA_F_DEPRECATED | IFA_F_TENTATIVE;
    if (body.get(0) == AF_INET6) {
      unusable |= IFA_F_TEMPORARY;
    }
    byte[] own = local.length > 0 ? local : address;
    return (flags & unusable) != 0
        ? Optional.empty()
        : gid(own).map(gid -> new UsableAddress(body.getInt(IFADDRMSG_INDEX), gid));
  }

  /** The namespace id in an answer to RTM_GETNSID; -1 where the namespace has none. */
  static Optional<Integer> namespaceId(RouteSocket.Message message) {
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

  /** An attribute (struct rtattr) in a message body; one that is not there ends the walk. */
  record Attribute(ByteBuffer body, int offset) {
    static Attribute at(ByteBuffer body, int offset) {
      return new Attribute(body, offset);
    }

    boolean isThere() {
      return offset + ATTRIBUTE_HEADER <= body.limit()
          && length() >= ATTRIBUTE_HEADER
          && offset + length() <= body.limit();
    }

    Attribute next() {
      return at(body, offset + align(length()));
    }

    int type() {
      return body.getShort(offset + 2) & ATTRIBUTE_TYPE_MASK;
    }

    byte[] value() {
      byte[] value = new byte[length() - ATTRIBUTE_HEADER];
      body.get(offset + ATTRIBUTE_HEADER, value);
      return value;
    }

    /** The value as a number of the machine's order; 0 for one of another size. */
    int number() {
      return length() == ATTRIBUTE_HEADER + Integer.BYTES
          ? body.getInt(offset + ATTRIBUTE_HEADER)
          : 0;
    }

    private int length() {
      return Short.toUnsignedInt(body.getShort(offset));
    }
  }

  /** A dump of all families has those of MCTP and phonet, too. */
  private static boolean isIp(byte family) {
    return family == AF_INET || family == AF_INET6;
  }

  /** Empty for what is no IP address by its length. */
  private static Optional<Gid> gid(byte[] address) {
    try {
      return Optional.of(Gid.of(InetAddress.getByAddress(address)));
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }

  private static String text(byte[] zeroTerminated) {
    int length = 0;
    while (length < zeroTerminated.length && zeroTerminated[length] != 0) {
      length++;
    }
    return new String(zeroTerminated, 0, length, StandardCharsets.UTF_8);
  }

  private static long number(byte[] bytes) {
    long number = 0;
    for (byte b : bytes) {
      number = number << 8 | Byte.toUnsignedLong(b);
    }
    return number;
  }
}
