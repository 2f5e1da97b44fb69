package io.rdmagid.kubectl.explain;

import io.rdmagid.assignment.AssignedPort;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.gid.GidRule;
import io.rdmagid.gid.GidRule.Lack;
import io.rdmagid.gid.GidSelection;
import io.rdmagid.gid.GidSelector;
import io.rdmagid.kubectl.snapshot.ClusterPort;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What speaks for or against entries of a port that a container holds.
 *
 * @param rule of the pool now; empty where it has none, or is gone
 */
record EntryRemarks(AssignedPort port, Optional<GidRule> rule) {
  /** Of each entry of the host's table. */
  List<EntryRemark> ofTable(ClusterPort table) {
    Optional<GidSelection> best = rule.map(wanted -> GidSelector.select(table.usable(), wanted));
    return table.gids().stream()
        .map(entry ->
            remark(
                entry,
                isGiven(entry),
                table.isUsable(entry) ? lacks(entry) : ClusterPort.UNUSABLE,
                best))
        .toList();
  }

  /** Of the one entry that the record has: all that is known of a table that only agents see. */
  List<EntryRemark> ofRecord() {
    return port.choice().stream()
        .map(
            choice -> new GidEntry(choice.index(), choice.gid(), choice.type(), 0, choice.netdev()))
        .map(entry -> remark(entry, true, lacks(entry), Optional.empty()))
        .toList();
  }

  private boolean isGiven(GidEntry entry) {
    return port.choice()
        .filter(choice ->
            choice.index() == entry.index()
                && choice.gid().equals(entry.gid())
                && choice.type() == entry.type())
        .isPresent();
  }

  /**
   * What the rule speaks of and the entry does not have, in few words; empty where it has all. What
   * an address is like says nothing in another family, nor do subnets of one that no router takes.
   */
  private String lacks(GidEntry entry) {
    Set<Lack> lacks = rule.map(wanted -> wanted.lacks(entry)).orElse(Set.of());
    boolean family = lacks.contains(Lack.FAMILY);
    boolean linkLocal = lacks.contains(Lack.ROUTABLE_ADDRESS) && !family;
    boolean subnet = lacks.contains(Lack.SUBNET) && !family && !linkLocal;
    if (lacks.contains(Lack.TYPE) && (family || subnet)) {
      return Lack.TYPE.text() + (family ? " or family" : " or subnets");
    }
    return lacks.stream()
        .filter(lack ->
            switch (lack) {
              case SUBNET -> subnet;
              case ROUTABLE_ADDRESS -> linkLocal;
              case FAMILY, TYPE -> true;
            })
        .sorted()
        .map(Lack::text)
        .collect(Collectors.joining(", "));
  }

  /**
   * Puts together what is known of an entry.
   *
   * @param against what speaks against it; empty where nothing does
   * @param best of the entries that will do; empty where nobody can tell
   */
  private static EntryRemark remark(
      GidEntry entry, boolean given, String against, Optional<GidSelection> best) {
    String text =
        against.isEmpty()
            ? best.map(selection -> place(entry, given, selection)).orElse(given ? "given" : "")
            : (given ? "given, but " : "") + against;
    return new EntryRemark(entry, given, text);
  }

  /** Where an entry that will do stands among all that do. */
  private static String place(GidEntry entry, boolean given, GidSelection best) {
    return switch (best) {
      // The kernel's own GID of a netdev is shown without its address, too: nobody can tell.
      case GidSelection.Selected(GidEntry first) when GidSelector.isLinkLocal(first) ->
          given ? "given" : "would do";
      case GidSelection.Selected(GidEntry first) when first.equals(entry) ->
          given ? "given: the rule's first choice" : "the rule's first choice";
      case GidSelection.Ambiguous ambiguous when ambiguous.entries().contains(entry) ->
          (given ? "given" : "would do") + ", but another slot holds the same";
      case GidSelection.Selected _, GidSelection.Ambiguous _ -> {
        if (given) {
          yield "given, but not the rule's first choice";
        }
        yield GidSelector.isLinkLocal(entry)
            ? "would do; link-local goes last"
            : "would do; a higher index";
      }
      case GidSelection.NoMatch _ -> given ? "given" : "";
    };
  }
}
