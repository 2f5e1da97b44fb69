package io.rdmagid.deviceplugin.inventory;

import io.rdmagid.gid.Gid;
import io.rdmagid.gid.IpFamily;
import java.net.InetAddress;
import java.util.regex.Pattern;

/**
 * An IP address of a network link.
 *
 * @param gid the address as the GID that the kernel makes of it
 * @param prefixLength in bits of the address: at most 32 for IPv4, 128 for IPv6
 */
public record LinkAddress(Gid gid, int prefixLength) {
  private static final Pattern IPV4 = Pattern.compile("[0-9]+(\\.[0-9]+){3}");
  private static final Pattern LENGTH = Pattern.compile("[0-9]{1,3}");
  private static final int IPV4_BITS = 32;
  private static final int IPV6_BITS = 128;
  private static final int LINK_LOCAL_PREFIX = 64;

  public LinkAddress {
    if (prefixLength < 0 || prefixLength > bits(gid)) {
      throw new IllegalArgumentException(
          "a prefix of " + gid.address() + " has 0 to " + bits(gid) + " bits: " + prefixLength);
    }
  }

  /** An address of which nobody told the prefix: as long as it usually is. */
  public static LinkAddress of(Gid gid) {
    boolean linkLocal = gid.family() == IpFamily.IPV6 && gid.isLinkLocal();
    return new LinkAddress(gid, linkLocal ? LINK_LOCAL_PREFIX : bits(gid));
  }

  /** An address with what the kernel says of its prefix, which cannot be longer than it. */
  public static LinkAddress of(Gid gid, int prefixLength) {
    return new LinkAddress(gid, Math.min(prefixLength, bits(gid)));
  }

  /**
   * Reads {@code 10.0.0.5/24}; without a prefix length the prefix is the whole address.
   *
   * @throws IllegalArgumentException for anything else, a scope ({@code %eth0}) included
   */
  public static LinkAddress parse(String text) {
    int slash = text.indexOf('/');
    String address = slash < 0 ? text : text.substring(0, slash);
    if (address.indexOf('%') >= 0) {
      throw new IllegalArgumentException("an address with a scope: " + text);
    }
    if (address.indexOf(':') < 0 && !IPV4.matcher(address).matches()) {
      throw new IllegalArgumentException("an IPv4 address has four numbers: " + text);
    }
    Gid gid = Gid.of(InetAddress.ofLiteral(address));
    if (slash < 0) {
      return new LinkAddress(gid, bits(gid));
    }
    String length = text.substring(slash + 1);
    if (!LENGTH.matcher(length).matches()) {
      throw new IllegalArgumentException("no prefix length: " + text);
    }
    return new LinkAddress(gid, Integer.parseInt(length));
  }

  /** {@code 10.0.0.5/24}. */
  public String text() {
    return gid.address() + "/" + prefixLength;
  }

  private static int bits(Gid gid) {
    return gid.family() == IpFamily.IPV4 ? IPV4_BITS : IPV6_BITS;
  }
}
