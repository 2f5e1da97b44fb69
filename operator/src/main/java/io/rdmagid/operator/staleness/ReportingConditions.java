package io.rdmagid.operator.staleness;

import io.fabric8.kubernetes.api.model.Condition;
import io.rdmagid.api.condition.ConditionStatus;
import io.rdmagid.api.condition.Conditions;
import io.rdmagid.api.v1alpha1.RdmaGidStatus;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Which conditions are to be written. Pure. */
final class ReportingConditions {
  private ReportingConditions() {}

  /**
   * The conditions that are not as they should be, by the name of the object.
   *
   * @param reporting the names of the nodes whose agent is believed
   */
  static SortedMap<String, Condition> changes(
      Collection<PublishedGid> gids, Set<String> reporting, Clock clock) {
    SortedMap<String, Condition> changes = new TreeMap<>();
    for (PublishedGid gid : gids) {
      condition(gid, reporting.contains(gid.node()), clock)
          .ifPresent(condition -> changes.put(gid.name(), condition));
    }
    return changes;
  }

  private static Optional<Condition> condition(PublishedGid gid, boolean reports, Clock clock) {
    ConditionStatus status = ConditionStatus.of(reports);
    return gid.reporting().filter(some -> status.text().equals(some.getStatus())).isPresent()
        ? Optional.empty()
        : Optional.of(
            Conditions.next(
                gid.reporting().map(List::of).orElse(List.of()),
                RdmaGidStatus.REPORTING,
                status,
                reports ? "AgentReady" : "AgentNotReady",
                reports
                    ? "the node's agent is ready"
                    : "the node's agent is not ready: what is shown may have been so once",
                null,
                clock));
  }
}
