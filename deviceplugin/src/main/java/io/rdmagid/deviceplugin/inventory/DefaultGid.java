package io.rdmagid.deviceplugin.inventory;

import io.rdmagid.gid.Gid;

/**
 * The GID that the kernel gives a port before any address: fe80:: and the EUI-64 of the hardware
 * address of its netdev, or of the bond that this is a port of (drivers/infiniband/core/cache.c,
 * make_default_gid). It stays while the link is down and IPv6 has taken the link-local address
 * away.
 */
final class DefaultGid {
  private static final long LINK_LOCAL_PREFIX = 0xfe80_0000_0000_0000L;

  private DefaultGid() {}

  /**
   * Whether a GID is the default one of a link.
   *
   * @param hardwareAddress six bytes as a number, or 0 where the link has none of that length: it
   *     then has no default GID
   */
  static boolean isOf(long hardwareAddress, Gid gid) {
    return hardwareAddress != 0 && gid.equals(of(hardwareAddress));
  }

  private static Gid of(long hardwareAddress) {
    long upper =
        hardwareAddress >>> 24
            ^ 0x02_0000L; // the universal/local bit is turned (RFC 4291, appendix A)
    long lower = hardwareAddress & 0xff_ffffL;
    return new Gid(LINK_LOCAL_PREFIX, (upper << 40) | 0xff_fe00_0000L | lower);
  }
}
