package io.rdmagid.operator.group;

import io.fabric8.kubernetes.api.model.Condition;
import io.rdmagid.api.condition.Conditions;
import io.rdmagid.api.v1alpha1.AssignmentMapping;
import io.rdmagid.api.v1alpha1.ParsedAssignment;
import io.rdmagid.api.v1alpha1.RdmaGidAssignment;
import io.rdmagid.api.v1alpha1.RdmaGidAssignmentStatus;
import io.rdmagid.assignment.AssignedPort;
import io.rdmagid.assignment.Assignment;
import io.rdmagid.assignment.AssignmentState;
import io.rdmagid.assignment.GidChoice;
import io.rdmagid.gid.GidScope;
import io.rdmagid.operator.fact.ClusterFacts;
import io.rdmagid.operator.fact.PublishedPort;
import io.rdmagid.pool.EffectiveRule;
import io.rdmagid.pool.PortRef;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a pod's assignment to compare it with those of the other pods of its job.
 *
 * @param ports those with an index now
 * @param shown the condition GroupConsistent that the assignment has; null where it has none
 */
record Member(
    String namespace, String pod, String podUid, List<Held> ports, @Nullable Condition shown) {
  Member {
    ports = List.copyOf(ports);
  }

  /** A port that the pod has an index of. */
  record Held(String pool, PortRef port, GidChoice choice, GidScope scope, long ruleRevision) {}

  /**
   * Empty for an assignment that is not understood, as one of a later version, and for one whose
   * pod has ended. Never throws.
   */
  static Optional<Member> of(RdmaGidAssignment object) {
    return switch (AssignmentMapping.parse(object)) {
      case ParsedAssignment.Invalid _ -> Optional.empty();
      case ParsedAssignment.Valid(Assignment assignment) ->
          assignment.isReleased()
              ? Optional.empty()
              : Optional.of(
                  new Member(
                      assignment.namespace(),
                      assignment.podName(),
                      assignment.podUid(),
                      assignment.ports().stream()
                          .filter(port -> port.state() == AssignmentState.CURRENT)
                          .map(port -> held(assignment.nodeName(), port))
                          .distinct()
                          .toList(),
                      shown(object.getStatus())));
    };
  }

  private static @Nullable Condition shown(@Nullable RdmaGidAssignmentStatus status) {
    return status == null
        ? null
        : Conditions.find(status.conditions(), RdmaGidAssignmentStatus.GROUP_CONSISTENT)
            .orElse(null);
  }

  private static Held held(String node, AssignedPort port) {
    return new Held(
        port.pool(),
        new PortRef(node, port.device(), port.port()),
        port.choice().orElseThrow(),
        port.scope(),
        port.ruleRevision());
  }

  /** The ports with what is known of them now. */
  List<Seat> seats(ClusterFacts facts) {
    return ports.stream().map(port -> seat(port, facts)).toList();
  }

  private Seat seat(Held held, ClusterFacts facts) {
    Optional<PublishedPort> published = facts.port(held.port());
    Optional<EffectiveRule> rule = facts.rule(held.pool());
    return new Seat(
        pod,
        held.pool(),
        held.port(),
        held.choice().index(),
        held.choice().gid(),
        held.choice().type(),
        held.scope(),
        published.map(port -> port.facts().linkLayer()).orElse(""),
        published.map(PublishedPort::mtu).orElse(0),
        rule.map(now -> now.rule().subnets()).orElse(List.of()),
        rule.filter(now -> now.revision() != held.ruleRevision()).isPresent());
  }
}
