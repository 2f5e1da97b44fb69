package io.rdmagid.kubectl.explain;

import io.rdmagid.assignment.AssignedPort;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.gid.GidRule;
import io.rdmagid.gid.GidSelection;
import io.rdmagid.gid.GidSelector;
import io.rdmagid.kubectl.snapshot.ClusterPort;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
        .map(entry -> {
          List<String> against = new ArrayList<>();
          if (!table.isUsable(entry)) {
            against.add(ClusterPort.UNUSABLE);
          }
          against.addAll(lacks(entry));
          return remark(entry, isGiven(entry), against, best);
        })
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

  private List<String> lacks(GidEntry entry) {
    return rule.map(
            wanted -> wanted.lacks(entry).stream().sorted().map(GidRule.Lack::text).toList())
        .orElse(List.of());
  }

  /**
   * Puts together what is known of an entry.
   *
   * @param best of the entries that will do; empty where nobody can tell
   */
  private static EntryRemark remark(
      GidEntry entry, boolean given, List<String> against, Optional<GidSelection> best) {
    String text =
        against.isEmpty()
            ? best.map(selection -> place(entry, given, selection)).orElse(given ? "given" : "")
            : (given ? "given, but " : "") + String.join(", ", against);
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
