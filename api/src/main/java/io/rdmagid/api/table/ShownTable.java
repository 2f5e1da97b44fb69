package io.rdmagid.api.table;

import io.rdmagid.assignment.AssignedPort;
import io.rdmagid.assignment.AssignmentState;
import io.rdmagid.assignment.GidChoice;
import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.gid.GidRule;
import io.rdmagid.gid.GidScope;
import io.rdmagid.gid.GidSelection;
import io.rdmagid.gid.GidSelector;
import io.rdmagid.gid.GidType;
import io.rdmagid.pool.EffectiveRule;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A port's entries as its RdmaGid shows them, to hold against what an agent reported of the port.
 * Both come from one agent, by different ways: for a moment they may differ.
 *
 * @param entries of the host's network namespace, in any order, no two with one index
 * @param unusable the slots of those whose address no program can use now
 * @param truncated whether there are further entries, of higher indices
 */
public record ShownTable(List<GidEntry> entries, Set<Integer> unusable, boolean truncated) {
  public ShownTable {
    entries = List.copyOf(entries);
    unusable = Set.copyOf(unusable);
  }

  /** Whether a program can use the address of this entry of the table now. */
  public boolean isUsable(GidEntry entry) {
    return !unusable.contains(entry.index());
  }

  /** The entries that a program can use now: no others are chosen. */
  public List<GidEntry> usable() {
    return entries.stream().filter(this::isUsable).toList();
  }

  /**
   * Whether a table that is shown says anything of what was reported: of a port that is current and
   * whose entries are the host's.
   */
  public static boolean concerns(AssignedPort port) {
    return port.state() == AssignmentState.CURRENT && port.scope() == GidScope.HOST;
  }

  /**
   * What is shown otherwise than it was reported. Empty where all agrees and where nobody can tell:
   * the slot is beyond what is shown; or the rule is not known, or not of the revision, or the
   * selection not of the version, that the choice was made by.
   *
   * @param port that the table {@linkplain #concerns concerns}, this one
   * @param rule that the port's pool shows
   * @return one sentence for people, without a full stop
   */
  public Optional<String> difference(AssignedPort port, Optional<EffectiveRule> rule) {
    GidChoice choice = port.choice().orElseThrow();
    Optional<GidEntry> there =
        entries.stream().filter(entry -> entry.index() == choice.index()).findFirst();
    if (there.isEmpty()) {
      boolean beyond =
          truncated && entries.stream().allMatch(entry -> entry.index() < choice.index());
      return beyond ? Optional.empty() : Optional.of(reported(choice) + ", RdmaGid has none there");
    }
    GidEntry entry = there.get();
    if (!entry.gid().equals(choice.gid()) || entry.type() != choice.type()) {
      return Optional.of(
          reported(choice) + ", RdmaGid has " + text(entry.type(), entry.gid()) + " there");
    }
    return rule.filter(effective ->
            effective.revision() == port.ruleRevision()
                && effective.scope() == GidScope.HOST
                && port.selectorVersion() == GidSelector.VERSION)
        .flatMap(effective -> chosenAnew(choice, effective.rule()));
  }

  /** Empty where nobody can tell that another choice is right. */
  private Optional<String> chosenAnew(GidChoice choice, GidRule rule) {
    return switch (GidSelector.select(usable(), rule)) {
      case GidSelection.Selected(GidEntry best) ->
          // A default GID is shown as the host's without its address, too.
          best.index() == choice.index() || GidSelector.isLinkLocal(best)
              ? Optional.empty()
              : Optional.of(
                  reported(choice)
                      + ", by the pool's rule it is index "
                      + best.index()
                      + " ("
                      + text(best.type(), best.gid())
                      + ")");
      case GidSelection.NoMatch none ->
          truncated
              ? Optional.empty()
              : Optional.of(reported(choice) + ", by the pool's rule " + none.text(rule));
      case GidSelection.Ambiguous _ -> Optional.empty();
    };
  }

  private static String reported(GidChoice choice) {
    return "reported is index " + choice.index() + " (" + text(choice.type(), choice.gid()) + ")";
  }

  private static String text(GidType type, Gid gid) {
    return type.text() + " " + gid.address();
  }
}
