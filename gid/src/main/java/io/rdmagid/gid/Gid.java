package io.rdmagid.gid;

import java.net.InetAddress;
import java.nio.ByteBuffer;

/**
 * A global identifier: the 128 bits that name a RoCE or InfiniBand port on the wire, most
 * significant half first. For RoCE it is an IP address, IPv4 in its mapped form {@code
 * ::ffff:a.b.c.d}.
 */
public record Gid(long high, long low) implements Comparable<Gid> {
  /** The size of a GID in bytes. */
  public static final int BYTES = 16;

  private static final long IPV4_MAPPED = 0x0000_ffffL;
  private static final int GROUPS = 8;

  /**
   * The GID in network byte order.
   *
   * @throws IllegalArgumentException unless {@code bytes} holds {@value #BYTES}
   */
  public static Gid of(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException("a GID has " + BYTES + " bytes, not " + bytes.length);
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return new Gid(buffer.getLong(), buffer.getLong());
  }

  /** The GID that the kernel makes of an IP address: IPv6 as it is, IPv4 mapped. */
  public static Gid of(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (bytes.length == BYTES) {
      return of(bytes);
    }
    return new Gid(
        0, (IPV4_MAPPED << 32) | Integer.toUnsignedLong(ByteBuffer.wrap(bytes).getInt()));
  }

  /**
   * Reads IPv6 text, compressed or not, with or without a dotted quad at its end.
   *
   * @throws IllegalArgumentException for anything else, an IPv4 address or a scope ({@code %eth0})
   *     included
   */
  public static Gid parse(String text) {
    if (text.indexOf(':') < 0 || text.indexOf('%') >= 0) {
      throw new IllegalArgumentException(
          "not a GID: '" + text + "' (IPv6 text such as ::ffff:10.0.0.5 is expected)");
    }
    try {
      return of(InetAddress.ofLiteral(text));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "not a GID: '" + text + "' (IPv6 text such as ::ffff:10.0.0.5 is expected)", e);
    }
  }

  /**
   * Reads what people write: an IP address, or a GID.
   *
   * @throws IllegalArgumentException for anything else, a scope ({@code %eth0}) included
   */
  public static Gid ofAddress(String text) {
    if (text.indexOf('%') >= 0) {
      throw new IllegalArgumentException("an address without a scope is expected: '" + text + "'");
    }
    return of(InetAddress.ofLiteral(text));
  }

  /** Whether all bits are zero: what sysfs shows for an empty slot. */
  public boolean isZero() {
    return high == 0 && low == 0;
  }

  /** The family of the address that this GID carries. */
  public IpFamily family() {
    return high == 0 && low >>> 32 == IPV4_MAPPED ? IpFamily.IPV4 : IpFamily.IPV6;
  }

  /** Whether the address is valid on one link only: fe80::/10, or 169.254/16 in its mapped form. */
  public boolean isLinkLocal() {
    return switch (family()) {
      case IPV4 -> (low & 0xffff_0000L) == 0xa9fe_0000L;
      case IPV6 -> high >>> 54 == 0xfe80 >>> 6;
    };
  }

  /** The bits in network byte order; a fresh array. */
  public byte[] toBytes() {
    return ByteBuffer.allocate(BYTES).putLong(high).putLong(low).array();
  }

  /**
   * The IP address as people write it: {@code 10.0.0.5} for a mapped one, else the text of the GID.
   */
  public String address() {
    return family() == IpFamily.IPV4 ? ipv4Text() : toString();
  }

  /** The text of RFC 5952, a mapped IPv4 address as {@code ::ffff:a.b.c.d}. */
  @Override
  public String toString() {
    if (family() == IpFamily.IPV4) {
      return "::ffff:" + ipv4Text();
    }
    int zeroFrom = -1;
    int zeroLength = 1; // RFC 5952 4.2.2: a single zero group is not shortened
    for (int from = 0; from < GROUPS; from++) {
      int length = 0;
      while (from + length < GROUPS && group(from + length) == 0) {
        length++;
      }
      if (length > zeroLength) {
        zeroFrom = from;
        zeroLength = length;
      }
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < GROUPS; i++) {
      if (i == zeroFrom) {
        text.append("::");
        i += zeroLength - 1;
        continue;
      }
      if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
        text.append(':');
      }
      text.append(Integer.toHexString(group(i)));
    }
    return text.toString();
  }

  @Override
  public int compareTo(Gid other) {
    int byHigh = Long.compareUnsigned(high, other.high);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
  }

  private int group(int i) {
    long half = i < GROUPS / 2 ? high : low;
    int shift = 48 - 16 * (i % (GROUPS / 2));
    return (int) (half >>> shift) & 0xffff;
  }

  private String ipv4Text() {
    return (low >>> 24 & 0xff)
        + "."
        + (low >>> 16 & 0xff)
        + "."
        + (low >>> 8 & 0xff)
        + "."
        + (low & 0xff);
  }
}
