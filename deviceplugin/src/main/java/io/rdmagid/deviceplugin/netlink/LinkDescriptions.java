package io.rdmagid.deviceplugin.netlink;

import io.rdmagid.deviceplugin.inventory.LinkAddress;
import io.rdmagid.deviceplugin.inventory.LinkDescription;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The links of the agent's own network namespace as people see them, with prefix lengths, kinds and
 * masters by name: linux/if_link.h, linux/if_addr.h, linux/if.h. {@link HostLinks} reads what
 * choices need.
 */
public final class LinkDescriptions {
  private static final int IFLA_MTU = 4;
  private static final int IFLA_OPERSTATE = 16;
  private static final int IFLA_LINKINFO = 18;
  private static final int IFLA_INFO_KIND = 1;
  private static final int IFADDRMSG_PREFIX_LENGTH = 1;

  /** IF_OPER_UNKNOWN and so on, from 0, as ip(8) writes them. */
  private static final List<String> STATES =
      List.of("UNKNOWN", "NOTPRESENT", "DOWN", "LOWERLAYERDOWN", "TESTING", "DORMANT", "UP");

  private LinkDescriptions() {}

  /** A link whose master is still a number. */
  record Described(int ifindex, String name, String kind, String state, int mtu, int master) {}

  /** The addresses of one RTM_NEWADDR: the own one, and the peer's where there is one. */
  record Addresses(int ifindex, List<LinkAddress> addresses) {}

  /**
   * All links, in the order of their numbers. Two dumps, so a link or address that comes or goes
   * between them may be missing.
   *
   * @throws NetlinkException if the kernel refuses
   */
  public static List<LinkDescription> read(RouteSocket socket) {
    Map<Integer, Set<LinkAddress>> addresses = new HashMap<>();
    for (Addresses found : socket.dumpAddresses(Patience.LONG, LinkDescriptions::addresses)) {
      addresses
          .computeIfAbsent(found.ifindex(), _ -> new LinkedHashSet<>())
          .addAll(found.addresses());
    }
    List<Described> links = socket.dumpLinks(Patience.LONG, LinkDescriptions::described);
    Map<Integer, String> names = new HashMap<>();
    links.forEach(link -> names.put(link.ifindex(), link.name()));
    return links.stream()
        .map(link ->
            new LinkDescription(
                link.ifindex(),
                link.name(),
                link.kind(),
                link.state(),
                link.mtu(),
                names.getOrDefault(link.master(), ""),
                List.copyOf(addresses.getOrDefault(link.ifindex(), Set.of()))))
        .sorted((one, other) -> Integer.compare(one.ifindex(), other.ifindex()))
        .toList();
  }

  /** The link in a message; empty for another message, as of {@link NetlinkMessages#link}. */
  static Optional<Described> described(Message message) {
    return NetlinkMessages.link(message)
        .map(link -> {
          String kind = "";
          String state = STATES.getFirst();
          int mtu = 0;
          for (Attribute attribute = Attribute.at(message.body(), NetlinkMessages.IFINFOMSG);
              attribute.isThere();
              attribute = attribute.next()) {
            switch (attribute.type()) {
              case IFLA_MTU -> mtu = attribute.number();
              case IFLA_OPERSTATE -> state = state(attribute.octet().orElse(0));
              case IFLA_LINKINFO -> kind = kind(attribute.value());
              default -> {}
            }
          }
          return new Described(link.ifindex(), link.name(), kind, state, mtu, link.master());
        });
  }

  /** The addresses in a message; empty for another message. */
  static Optional<Addresses> addresses(Message message) {
    return NetlinkMessages.address(message)
        .map(found -> {
          int prefix = Byte.toUnsignedInt(message.body().get(IFADDRMSG_PREFIX_LENGTH));
          List<LinkAddress> addresses = new ArrayList<>();
          found.all().forEach(gid -> addresses.add(LinkAddress.of(gid, prefix)));
          return new Addresses(found.ifindex(), addresses);
        });
  }

  private static String state(int state) {
    return state < STATES.size() ? STATES.get(state) : STATES.getFirst();
  }

  /** The attributes in IFLA_LINKINFO are those of a message of their own. */
  private static String kind(byte[] value) {
    ByteBuffer info = ByteBuffer.wrap(value).order(ByteOrder.nativeOrder());
    for (Attribute attribute = Attribute.at(info, 0);
        attribute.isThere();
        attribute = attribute.next()) {
      if (attribute.type() == IFLA_INFO_KIND) {
        return attribute.text();
      }
    }
    return "";
  }
}
