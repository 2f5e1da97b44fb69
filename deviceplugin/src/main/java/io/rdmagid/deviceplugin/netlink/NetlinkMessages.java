package io.rdmagid.deviceplugin.netlink;

import io.rdmagid.gid.Gid;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Reads messages of rtnetlink: linux/rtnetlink.h, linux/if_link.h, linux/if_addr.h. */
final class NetlinkMessages {
  static final int HEADER = 16; // nlmsghdr
  static final short RTM_NEWLINK = 16;
  static final short RTM_GETLINK = 18;
  static final short RTM_NEWADDR = 20;
  static final short RTM_GETADDR = 22;
  static final int IFINFOMSG = 16;
  static final int IFADDRMSG = 8;

  private static final int IFINFOMSG_INDEX = 4;
  private static final int IFADDRMSG_INDEX = 4;
  private static final int IFLA_ADDRESS = 1;
  private static final int IFLA_IFNAME = 3;
  private static final int IFA_ADDRESS = 1;
  private static final int IFA_LOCAL = 2;
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
        addresses.add(gid(attribute.value()));
      }
    }
    return Optional.of(new AddressMessage(body.getInt(IFADDRMSG_INDEX), addresses));
  }

  /** An attribute (struct rtattr) in a message body; one that is not there ends the walk. */
  private record Attribute(ByteBuffer body, int offset) {
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

    private int length() {
      return Short.toUnsignedInt(body.getShort(offset));
    }
  }

  /** A dump of all families has those of MCTP and phonet, too. */
  private static boolean isIp(byte family) {
    return family == AF_INET || family == AF_INET6;
  }

  private static Gid gid(byte[] address) {
    try {
      return Gid.of(InetAddress.getByAddress(address));
    } catch (UnknownHostException e) {
      throw new IllegalStateException(
          "an IP address of " + address.length + " bytes from the kernel", e);
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
