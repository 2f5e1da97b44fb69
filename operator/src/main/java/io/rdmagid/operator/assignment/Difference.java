package io.rdmagid.operator.assignment;

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
import io.rdmagid.operator.fact.ClusterFacts;
import io.rdmagid.operator.fact.PublishedPort;
import io.rdmagid.pool.EffectiveRule;
import io.rdmagid.pool.PortRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What an agent reported of a port and the port's RdmaGid do not say the same. Both come from one
 * agent, by different ways: for a moment that is how it should be.
 *
 * @param port as it was reported
 * @param text one sentence for people, without a full stop
 */
record Difference(AssignedPort port, String text) {
  /**
   * What became of a check.
   *
   * @param whole whether something is known of all that was to be checked: before, nobody can tell
   *     that a difference is gone
   */
  record Check(List<Difference> differences, boolean whole) {
    Check {
      differences = List.copyOf(differences);
    }
  }

  /**
   * Checks a pod's ports: only those that are current and whose entries are the host's, which
   * RdmaGids show; and only where all that the choice was made from is known: the same version of
   * the selection, the same revision of the rule.
   *
   * @param node the Node that the pod runs on
   */
  static Check check(String node, List<AssignedPort> ports, ClusterFacts facts) {
    List<Difference> differences = new ArrayList<>();
    boolean whole = true;
    for (AssignedPort port : ports) {
      if (port.state() == AssignmentState.CURRENT && port.scope() == GidScope.HOST) {
        Optional<PublishedPort> published =
            facts.port(new PortRef(node, port.device(), port.port()));
        Optional<EffectiveRule> rule = facts.rule(port.pool());
        whole &= published.isPresent() && rule.isPresent();
        published
            .flatMap(shown -> text(port, shown, rule))
            .ifPresent(text -> differences.add(new Difference(port, name(port) + ": " + text)));
      }
    }
    return new Check(differences, whole);
  }

  private static Optional<String> text(
      AssignedPort port, PublishedPort published, Optional<EffectiveRule> rule) {
    GidChoice choice = port.choice().orElseThrow();
    List<GidEntry> shown = published.facts().gids();
    Optional<GidEntry> there =
        shown.stream().filter(entry -> entry.index() == choice.index()).findFirst();
    if (there.isEmpty()) {
      boolean beyond =
          published.truncated() && shown.stream().allMatch(entry -> entry.index() < choice.index());
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
        .flatMap(effective -> chosenAnew(choice, published, effective.rule()));
  }

  /** Empty where nobody can tell that another choice is right. */
  private static Optional<String> chosenAnew(
      GidChoice choice, PublishedPort published, GidRule rule) {
    return switch (GidSelector.select(published.usable(), rule)) {
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
          published.truncated()
              ? Optional.empty()
              : Optional.of(reported(choice) + ", by the pool's rule " + none.text(rule));
      case GidSelection.Ambiguous _ -> Optional.empty();
    };
  }

  private static String name(AssignedPort port) {
    return port.device() + "/" + port.port() + " of container " + port.container();
  }

  private static String reported(GidChoice choice) {
    return "reported is index " + choice.index() + " (" + text(choice.type(), choice.gid()) + ")";
  }

  private static String text(GidType type, Gid gid) {
    return type.text() + " " + gid.address();
  }
}
