package io.rdmagid.library;

import io.rdmagid.gid.Gid;
import io.rdmagid.gid.IpFamily;

/**
 * The walk over a RoCE port's table that NCCL and NVSHMEM share ({@code ncclUpdateGidIndex}): from
 * slot 0 on, each slot is compared with the best so far. It never fails: where nothing fits it
 * stays at slot 0, and it can end at an empty one.
 *
 * @param range a candidate must be in it, slot 0 need not
 * @param version 1 or 2, or what else a user wrote, which nothing matches
 */
record NcclWalk(IpFamily family, AddressRange range, long version) {

  /**
   * By the values of the variables.
   *
   * @param family {@code AF_INET6}, or else AF_INET
   * @param range one range: what follows it is ignored, and what is none means any address
   */
  static NcclWalk of(String family, String range, long version) {
    IpFamily parsed = family.equals("AF_INET6") ? IpFamily.IPV6 : IpFamily.IPV4;
    String[] parts = range.split("/", -1);
    return new NcclWalk(
        parsed,
        parts.length < 2
            ? AddressRange.any(parsed)
            : AddressRange.of(parsed, parts[0], LeadingNumber.ofDecimal(parts[1]))
                .orElse(AddressRange.any(parsed)),
        version);
  }

  /** The slot at which the walk ends. */
  int over(GidTable table) {
    int best = 0;
    for (int candidate = 1; candidate < table.length(); candidate++) {
      if (isBetter(table, best, candidate)) {
        best = candidate;
      }
    }
    return best;
  }

  private boolean isBetter(GidTable table, int best, int candidate) {
    Gid gid = table.gidAt(candidate);
    if (WireAddress.family(gid) != family || !range.contains(gid)) {
      return false;
    }
    if (WireAddress.family(table.gidAt(best)) != family) {
      return true; // neither version nor validity counts here, and an empty slot is IPv6
    }
    return isValid(gid)
        && isOfVersion(table, candidate)
        && (!isValid(table.gidAt(best)) || !isOfVersion(table, best));
  }

  private boolean isOfVersion(GidTable table, int index) {
    return table.at(index).filter(e -> WireAddress.roceVersion(e.type()) == version).isPresent();
  }

  private static boolean isValid(Gid gid) {
    return !gid.isZero() && !WireAddress.isFe80Slash64(gid);
  }
}
