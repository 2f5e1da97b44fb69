package io.rdmagid.deviceplugin.inventory;

import io.rdmagid.gid.Gid;
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
 */
public record Link(int ifindex, String name, long hardwareAddress, Set<Gid> addresses) {
  private static final long LINK_LOCAL_PREFIX = 0xfe80_0000_0000_0000L;

  public Link {
    addresses = Set.copyOf(addresses);
  }

  /**
   * Whether a table entry that names this ifindex can be of this link. The number alone proves
   * nothing: ioctl and sysfs give the GIDs of all network namespaces, and the same number stands
   * for other links elsewhere. So the address has to be here as well; the default GID, which
   * outlives the address while the link is down, is known by the hardware address in it.
   */
  public boolean holds(Gid gid) {
    return addresses.contains(gid) || (hardwareAddress != 0 && gid.equals(defaultGid()));
  }

  /** fe80::EUI-64 of the hardware address: the default GID of a port on this netdev. */
  private Gid defaultGid() {
    long upper =
        hardwareAddress >>> 24
            ^ 0x02_0000L; // the universal/local bit is turned (RFC 4291, appendix A)
    long lower = hardwareAddress & 0xff_ffffL;
    return new Gid(LINK_LOCAL_PREFIX, (upper << 40) | 0xff_fe00_0000L | lower);
  }
}
