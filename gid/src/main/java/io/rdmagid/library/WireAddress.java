package io.rdmagid.library;

import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidType;
import io.rdmagid.gid.IpFamily;

/**
 * What the libraries read from the bits of a GID, which is not always what {@link Gid} says of its
 * address.
 */
final class WireAddress {
  private static final long MAPPED = 0xffffL << 32;
  private static final long MULTICAST_HIGH = 0xff0e_0000L << 32;

  private WireAddress() {}

  /**
   * The macro {@code ipv6_addr_v4mapped} that all of them have: IPv4 multicast ({@code
   * ff0e::ffff:a.b.c.d}) counts, too.
   */
  static IpFamily family(Gid gid) {
    boolean mapped =
        (gid.high() == 0 || gid.high() == MULTICAST_HIGH)
            && (gid.low() & 0xffff_ffff_0000_0000L) == MAPPED;
    return mapped ? IpFamily.IPV4 : IpFamily.IPV6;
  }

  /** The lower 32 bits, which are the address where the family is IPv4. */
  static int ipv4(Gid gid) {
    return (int) gid.low();
  }

  /** fe80::/64, all that NCCL and NVSHMEM take for link-local. */
  static boolean isFe80Slash64(Gid gid) {
    return gid.high() == 0xfe80_0000L << 32;
  }

  /** fe80::/10. */
  static boolean isFe80Slash10(Gid gid) {
    return gid.family() == IpFamily.IPV6 && gid.isLinkLocal();
  }

  /** The FLID of a router, bytes 4 and 5 of its GID on InfiniBand; 0 for none. */
  static int flid(Gid gid) {
    return (int) (gid.high() >>> 16) & 0xffff;
  }

  /** 1 or 2. sysfs has one text, "IB/RoCE v1", for InfiniBand and RoCE v1. */
  static int roceVersion(GidType type) {
    return type == GidType.ROCE_V2 ? 2 : 1;
  }
}
