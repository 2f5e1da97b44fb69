package io.rdmagid.library;

import io.rdmagid.gid.Gid;
import io.rdmagid.gid.IpFamily;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A range as {@code inet_pton} and a mask make it of a text such as 10.0.0.1/16: bits behind the
 * mask do not matter.
 *
 * @param base the address; for IPv4 in the lower 32 bits
 * @param length how many leading bits count; 0 for any address
 */
record AddressRange(IpFamily family, Gid base, int length) {
  private static final Pattern DOTTED_QUAD = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

  /** Every address, of whatever family. */
  static AddressRange any(IpFamily family) {
    return new AddressRange(family, new Gid(0, 0), 0);
  }

  /** A range of an address of the family; empty where it is none. */
  static Optional<AddressRange> of(IpFamily family, String address, long length) {
    try {
      return switch (family) {
        case IPV4 ->
            DOTTED_QUAD.matcher(address).matches()
                ? Optional.of(
                    new AddressRange(
                        family, Gid.of(Inet4Address.ofLiteral(address)), Math.clamp(length, 0, 32)))
                : Optional.empty();
        case IPV6 ->
            Optional.of(
                new AddressRange(
                    family, Gid.of(Inet6Address.ofLiteral(address)), Math.clamp(length, 0, 128)));
      };
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Whether the bits of a GID are in it, whatever the GID's own family. */
  boolean contains(Gid gid) {
    return switch (family) {
      case IPV4 -> isEqual(gid.low() << 32, base.low() << 32, length);
      case IPV6 ->
          isEqual(gid.high(), base.high(), Math.min(length, 64))
              && isEqual(gid.low(), base.low(), Math.max(length - 64, 0));
    };
  }

  /** As a user would write it. */
  @Override
  public String toString() {
    return base.address() + "/" + length;
  }

  private static boolean isEqual(long one, long other, int leadingBits) {
    return leadingBits == 0 || (one ^ other) >>> (64 - leadingBits) == 0;
  }
}
