package io.rdmagid.deviceplugin.inventory;

import io.rdmagid.gid.Gid;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;

/**
 * A network link of the namespace that the agent stands in.
 *
 * @param ifindex its number there
 * @param name its name, such as {@code ens1f0}
 * @param hardwareAddress six bytes as a number, or 0 where the link has none of that length
 * @param addresses its IP addresses as the GIDs that the kernel makes of them; of a point-to-point
 *     address both ends, since the kernel takes the peer's (drivers/infiniband/core/roce_gid_mgmt.c
 *     uses {@code ifa_address})
 * @param unusable those of the addresses that no program can use now: tentative, deprecated or
 *     temporary ones, and the far end's of a point-to-point address
 */
public record Link(
    int ifindex, String name, long hardwareAddress, Set<Gid> addresses, Set<Gid> unusable) {
  /** So few can be kept in a row, however they collide. */
  private static final int FEW = 64;

  public Link {
    addresses = copy(addresses);
    unusable = copy(unusable);
  }

  /**
   * Many in a set that makes trees of addresses that collide, as those of a recording may: {@link
   * Set#copyOf} takes half as much memory, and compares each with all of the same hash.
   */
  private static Set<Gid> copy(Set<Gid> addresses) {
    return addresses.size() <= FEW
        ? Set.copyOf(addresses)
        : Collections.unmodifiableSet(new HashSet<>(addresses));
  }

  /** A link whose addresses can all be used, as far as is known. */
  public Link(int ifindex, String name, long hardwareAddress, Set<Gid> addresses) {
    this(ifindex, name, hardwareAddress, addresses, Set.of());
  }

  /**
   * Whether a table entry that names this ifindex can be of this link. The number alone proves
   * nothing: ioctl and sysfs give the GIDs of all network namespaces, and the same number stands
   * for other links elsewhere. So the address has to be here as well; the default GID, which
   * outlives the address while the link is down, is known by the hardware address in it.
   */
  public boolean holds(Gid gid) {
    return addresses.contains(gid) || DefaultGid.isOf(hardwareAddress, gid);
  }
}
