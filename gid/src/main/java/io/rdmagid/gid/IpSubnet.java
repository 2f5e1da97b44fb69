package io.rdmagid.gid;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A range of IP addresses as {@code 10.0.0.0/16} or {@code fd00::/64} names it, over the GIDs that
 * carry them.
 *
 * @param base the first address of the range as a GID, IPv4 in its mapped form
 * @param prefixLength leading bits that all its addresses share, counted as its family does: 0 to
 *     32 for IPv4, 0 to 128 for IPv6
 */
public record IpSubnet(Gid base, int prefixLength) {
  private static final int IPV4_BITS = 32;
  private static final int IPV6_BITS = 128;
  private static final String OCTET = "(?:0|[1-9]\\d{0,2})";
  private static final Pattern TEXT =
      Pattern.compile(
          "(?<v4>"
              + OCTET
              + "(?:\\."
              + OCTET
              + "){3})/(?<l4>0|[1-9]\\d?)"
              + "|(?<v6>[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)/(?<l6>0|[1-9]\\d{0,2})");

  /**
   * @throws IllegalArgumentException for a length that the family does not have, and for a base
   *     with bits set behind it
   */
  public IpSubnet {
    int bits = base.family() == IpFamily.IPV4 ? IPV4_BITS : IPV6_BITS;
    if (prefixLength < 0 || prefixLength > bits) {
      throw new IllegalArgumentException(
          "an " + base.family().text() + " prefix is 0 to " + bits + " long: " + prefixLength);
    }
    Gid first = masked(base, IPV6_BITS - bits + prefixLength);
    if (!first.equals(base)) {
      throw new IllegalArgumentException(
          base.address()
              + " has bits set behind the first "
              + prefixLength
              + ": "
              + first.address()
              + "/"
              + prefixLength
              + " is the subnet it lies in");
    }
  }

  /**
   * Reads a subnet in CIDR notation.
   *
   * @throws IllegalArgumentException for anything else: an address alone, bits set behind the
   *     prefix, an IPv4 subnet written as a mapped one ({@code ::ffff:10.0.0.0/112})
   */
  public static IpSubnet parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "not a subnet: '" + text + "' (10.0.0.0/16 or fd00::/64 is expected)");
    }
    String ipv4 = matcher.group("v4");
    if (ipv4 != null) {
      return new IpSubnet(Gid.parse("::ffff:" + ipv4), Integer.parseInt(matcher.group("l4")));
    }
    Gid base = Gid.parse(matcher.group("v6"));
    if (base.family() == IpFamily.IPV4) {
      throw new IllegalArgumentException(
          "not a subnet: '" + text + "' (an IPv4 subnet is written as 10.0.0.0/16)");
    }
    return new IpSubnet(base, Integer.parseInt(matcher.group("l6")));
  }

  /** The range of one address. */
  public static IpSubnet of(Gid address) {
    return new IpSubnet(address, address.family() == IpFamily.IPV4 ? IPV4_BITS : IPV6_BITS);
  }

  /**
   * The smallest range that holds this one and an address.
   *
   * @throws IllegalArgumentException if they are of two families
   */
  public IpSubnet with(Gid address) {
    if (address.family() != family()) {
      throw new IllegalArgumentException(
          "no range holds " + address.address() + " and " + this + ": they are of two families");
    }
    long high = base.high() ^ address.high();
    int common =
        high == 0
            ? Long.SIZE + Long.numberOfLeadingZeros(base.low() ^ address.low())
            : Long.numberOfLeadingZeros(high);
    int length = Math.min(prefixLength, common - offset());
    return new IpSubnet(masked(base, offset() + length), length);
  }

  /** The family of its addresses. */
  public IpFamily family() {
    return base.family();
  }

  /** Whether the address that {@code gid} carries lies in this range, and is of its family. */
  public boolean contains(Gid gid) {
    return gid.family() == family() && masked(gid, offset() + prefixLength).equals(base);
  }

  /** Bits of a GID before those that the prefix counts. */
  private int offset() {
    return family() == IpFamily.IPV4 ? IPV6_BITS - IPV4_BITS : 0;
  }

  /** The text that {@link #parse} reads, in canonical form. */
  @Override
  public String toString() {
    return base.address() + "/" + prefixLength;
  }

  private static Gid masked(Gid gid, int bits) {
    return new Gid(
        gid.high() & mask(Math.min(bits, Long.SIZE)),
        gid.low() & mask(Math.max(bits - Long.SIZE, 0)));
  }

  private static long mask(int bits) {
    return bits == 0 ? 0 : -1L << (Long.SIZE - bits);
  }
}
