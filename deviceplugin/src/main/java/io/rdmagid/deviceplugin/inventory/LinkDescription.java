package io.rdmagid.deviceplugin.inventory;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A network link as people see it, for a recording. Texts are empty, and the MTU is 0, where a fact
 * is not known or does not apply.
 *
 * @param ifindex its number in its network namespace
 * @param kind of a virtual link {@code vlan}, {@code bond} and so on; empty for hardware
 * @param state the operational state (RFC 2863) as ip(8) writes it: {@code UP}, {@code DOWN},
 *     {@code UNKNOWN} and so on
 * @param mtu in bytes
 * @param master the name of the bond or bridge that it is a port of
 */
public record LinkDescription(
    int ifindex,
    String name,
    String kind,
    String state,
    int mtu,
    String master,
    List<LinkAddress> addresses) {
  public LinkDescription {
    addresses = List.copyOf(addresses);
  }

  /**
   * What decides which entries are of this link. Its hardware address is not described: the GID
   * that follows from it counts where it stands among the addresses.
   */
  public Link asLink() {
    return new Link(
        ifindex, name, 0, addresses.stream().map(LinkAddress::gid).collect(Collectors.toSet()));
  }
}
