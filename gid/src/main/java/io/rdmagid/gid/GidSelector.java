package io.rdmagid.gid;

import io.rdmagid.gid.GidRule.Lack;
import io.rdmagid.gid.GidSelection.CloseEntry;
import io.rdmagid.gid.GidSelection.NoMatch;
import io.rdmagid.gid.GidSelection.Reason;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * Chooses the entry of a port that a program should use. Link-local addresses (fe80::/10,
 * 169.254/16) reach no further than the link on RoCE; on InfiniBand every GID has that prefix by
 * default.
 */
public final class GidSelector {
  /**
   * The version of {@link #select(Collection, GidRule)}: raised whenever the same entries and rule
   * give another choice, so that two processes can tell whether their choices compare.
   */
  public static final int VERSION = 1;

  private static final Comparator<GidEntry> ORDER =
      Comparator.comparing(GidEntry::type, Comparator.reverseOrder())
          .thenComparing(entry -> entry.gid().family())
          .thenComparingInt(GidEntry::index);

  private static final Comparator<CloseEntry> CLOSEST_FIRST =
      Comparator.<CloseEntry>comparingInt(close -> close.lacks().size())
          .thenComparing(close -> worst(close.lacks()))
          .thenComparingInt(close -> close.entry().index());

  private GidSelector() {}

  /**
   * The entry to use where there is no rule, among those of one port that belong to the network
   * namespace in question: RoCE v2 before RoCE v1 before IB, IPv4 before IPv6, never link-local on
   * RoCE, then the lowest index.
   *
   * @param entries in any order
   */
  public static GidSelection select(Collection<GidEntry> entries) {
    if (entries.isEmpty()) {
      return new NoMatch(Reason.NO_ENTRY, List.of());
    }
    List<GidEntry> best =
        entries.stream().filter(entry -> !isLinkLocal(entry)).sorted(ORDER).toList();
    return best.isEmpty() ? new NoMatch(Reason.ONLY_LINK_LOCAL, List.of()) : first(best);
  }

  /** Whether an entry reaches no further than its link, and so is never chosen without a rule. */
  public static boolean isLinkLocal(GidEntry entry) {
    return entry.type() != GidType.IB && entry.gid().isLinkLocal();
  }

  /**
   * The entry to use under a rule: what is not link-local first, then the lowest index.
   *
   * @param eligible the entries of one port that belong to the network namespace in question, in
   *     any order, no two with one index
   */
  public static GidSelection select(Collection<GidEntry> eligible, GidRule rule) {
    List<GidEntry> matching =
        eligible.stream()
            .filter(entry -> rule.lacks(entry).isEmpty())
            .sorted(
                Comparator.comparing(GidSelector::isLinkLocal).thenComparingInt(GidEntry::index))
            .toList();
    if (matching.isEmpty()) {
      return new NoMatch(reason(eligible, rule), closest(eligible, rule));
    }
    return first(matching);
  }

  /** The first, unless nothing but the index tells it from another. */
  private static GidSelection first(List<GidEntry> bestFirst) {
    GidEntry first = bestFirst.getFirst();
    List<GidEntry> same = bestFirst.stream().filter(first::differsByIndexOnly).toList();
    return same.size() == 1 ? new GidSelection.Selected(first) : new GidSelection.Ambiguous(same);
  }

  private static Reason reason(Collection<GidEntry> eligible, GidRule rule) {
    if (eligible.isEmpty()) {
      return Reason.NO_ENTRY;
    }
    if (eligible.stream().allMatch(entry -> rule.lacks(entry).contains(Lack.TYPE))) {
      return Reason.NO_ENTRY_OF_TYPE;
    }
    List<Set<Lack>> ofType =
        eligible.stream().map(rule::lacks).filter(lacks -> !lacks.contains(Lack.TYPE)).toList();
    if (ofType.stream().allMatch(lacks -> lacks.contains(Lack.FAMILY))) {
      return Reason.NO_ENTRY_OF_FAMILY;
    }
    return ofType.stream()
            .filter(lacks -> !lacks.contains(Lack.FAMILY))
            .allMatch(lacks -> lacks.contains(Lack.ROUTABLE_ADDRESS))
        ? Reason.ONLY_LINK_LOCAL
        : Reason.NO_ENTRY_IN_SUBNETS;
  }

  private static List<CloseEntry> closest(Collection<GidEntry> eligible, GidRule rule) {
    return eligible.stream()
        .map(entry -> new CloseEntry(entry, rule.lacks(entry)))
        .sorted(CLOSEST_FIRST)
        .limit(NoMatch.MOST_CLOSEST)
        .toList();
  }

  private static Lack worst(Set<Lack> lacks) {
    return lacks.stream().max(Comparator.naturalOrder()).orElseThrow();
  }
}
