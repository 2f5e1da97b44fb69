package io.rdmagid.deviceplugin.inventory;

import io.rdmagid.gid.Gid;
import java.util.Set;

/**
 * A link of a network namespace, with what leads from it to other links.
 *
 * @param ifindex its number there
 * @param name its name there, such as {@code net1}
 * @param hardwareAddress six bytes as a number, or 0 where the link has none of that length
 * @param lower the ifindex of the link below it (IFLA_LINK: of a VLAN, macvlan or ipvlan the device
 *     it sits on, of a veth its peer); 0 where there is none
 * @param lowerPlace the namespace that {@code lower} is a number of
 * @param master the ifindex of the bond or bridge that it is a port of (IFLA_MASTER), or 0
 * @param addresses its own IP addresses that a program can use now: not tentative, deprecated or
 *     temporary, and never the other end of a point-to-point link
 * @param tentative those that a program can use once the kernel has found no duplicate (DAD)
 */
public record NamespaceLink(
    int ifindex,
    String name,
    long hardwareAddress,
    int lower,
    Place lowerPlace,
    int master,
    Set<Gid> addresses,
    Set<Gid> tentative) {
  /** A network namespace as seen from another. */
  public enum Place {
    /** The link's own namespace. */
    HERE,
    /** The host's, where that is not the link's own. */
    HOST,
    /** A third one, or nobody can tell. */
    ELSEWHERE
  }

  public NamespaceLink {
    addresses = Set.copyOf(addresses);
    tentative = Set.copyOf(tentative);
  }
}
