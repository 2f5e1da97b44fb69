package io.rdmagid.gid;

import java.util.Collection;
import java.util.Comparator;

/**
 * Chooses the entry of a port that a program should use: RoCE v2 before RoCE v1 before IB, IPv4
 * before IPv6, then the lowest index. Link-local addresses (fe80::/10, 169.254/16) are passed over
 * on RoCE, where they reach no further than the link; on InfiniBand every GID has that prefix by
 * default.
 */
public final class GidSelector {
  private static final Comparator<GidEntry> ORDER =
      Comparator.comparing(GidEntry::type, Comparator.reverseOrder())
          .thenComparing(entry -> entry.gid().family())
          .thenComparingInt(GidEntry::index);

  private GidSelector() {}

  /**
   * The entry to use among those of one port that belong to the network namespace in question.
   *
   * @param entries in any order
   */
  public static GidSelection select(Collection<GidEntry> entries) {
    if (entries.isEmpty()) {
      return new GidSelection.NoMatch(GidSelection.Reason.NO_ENTRY);
    }
    return entries.stream()
        .filter(entry -> entry.type() == GidType.IB || !entry.gid().isLinkLocal())
        .min(ORDER)
        .<GidSelection>map(GidSelection.Selected::new)
        .orElseGet(() -> new GidSelection.NoMatch(GidSelection.Reason.ONLY_LINK_LOCAL));
  }
}
