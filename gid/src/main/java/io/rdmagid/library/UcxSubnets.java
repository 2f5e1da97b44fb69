package io.rdmagid.library;

import io.rdmagid.gid.Gid;
import io.rdmagid.gid.IpFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The value of {@code UCX_IB_ROCE_SUBNETS}: subnets that admit, or, after a ^, subnets that refuse.
 */
record UcxSubnets(List<AddressRange> subnets, boolean refusing) {
  UcxSubnets {
    subnets = List.copyOf(subnets);
  }

  /** Empty where UCX ends with an error: an empty value, or an address without a length. */
  static Optional<UcxSubnets> parse(String text) {
    boolean refusing = text.startsWith("^");
    List<AddressRange> subnets = new ArrayList<>();
    for (String subnet : text.substring(refusing ? 1 : 0).split(",", -1)) {
      String[] parts = subnet.split("/", -1);
      IpFamily family = subnet.indexOf(':') < 0 ? IpFamily.IPV4 : IpFamily.IPV6;
      Optional<AddressRange> range =
          parts.length == 2 && parts[1].matches("\\d{1,3}")
              ? AddressRange.of(family, parts[0], Integer.parseInt(parts[1]))
              : Optional.empty();
      if (range.isEmpty()) {
        return Optional.empty();
      }
      subnets.add(range.get());
    }
    return Optional.of(new UcxSubnets(subnets, refusing));
  }

  /** Whether a GID may be used. */
  boolean admits(Gid gid) {
    return subnets.stream()
            .anyMatch(subnet -> subnet.family() == gid.family() && subnet.contains(gid))
        != refusing;
  }
}
