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
  Pick pick(GidTable table) {
    int best = 0;
    for (int candidate : table.distinguishable()) {
      if (candidate > 0 && isBetter(table, best, candidate)) {
        best = candidate;
      }
    }
    return new Pick.Index(best, why(table, best));
  }

  private String why(GidTable table, int best) {
    String wanted =
        "RoCE v"
            + version
            + " "
            + family.text()
            + " GID"
            + (range.length() == 0 ? "" : " in " + range);
    Gid gid = table.gidAt(best);
    boolean fits = WireAddress.family(gid) == family && isValid(gid) && isOfVersion(table, best);
    if (fits && range.contains(gid)) {
      return "the lowest " + wanted;
    }
    if (table.at(best).isEmpty()) {
      return "no " + wanted + ": slot " + best + ", which is empty";
    }
    if (fits) {
      return "slot 0 is kept, though it is no " + wanted;
    }
    return best == 0
        ? "no " + wanted + ": it stays at slot 0"
        : "no " + wanted + ": the first of its family";
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
