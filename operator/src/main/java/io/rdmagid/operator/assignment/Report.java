package io.rdmagid.operator.assignment;

import io.rdmagid.api.v1alpha1.AssignmentMapping;
import io.rdmagid.api.v1alpha1.Parsed;
import io.rdmagid.api.v1alpha1.ParsedAssignment;
import io.rdmagid.api.v1alpha1.RdmaGidAssignment;
import io.rdmagid.assignment.AssignedPort;
import io.rdmagid.assignment.Assignment;
import io.rdmagid.assignment.ContainerVariables;
import io.rdmagid.operator.assignment.PodApi.PodRef;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is kept of what an agent says of a pod, to show it on the pod. */
sealed interface Report {
  /** Whose it is. */
  PodRef pod();

  /**
   * All of it is understood.
   *
   * @param node the name of the Node that the pod runs on
   * @param ports without the names of the variables that were injected: a pod shows what is wrong
   *     with them only, and they are more than all the rest
   * @param released whether the pod holds none of them any more
   */
  record Understood(PodRef pod, String node, List<AssignedPort> ports, boolean released)
      implements Report {
    public Understood {
      ports = List.copyOf(ports);
    }
  }

  /**
   * Some of it is not.
   *
   * @param problems what, for people
   */
  record NotUnderstood(PodRef pod, String problems) implements Report {}

  /**
   * Empty before the agent has written a status, which it does once the object is there, and where
   * the object does not say whose it is. Never throws.
   */
  static Optional<Report> of(RdmaGidAssignment object) {
    if (object.getStatus() == null) {
      return Optional.empty();
    }
    return switch (AssignmentMapping.parse(object)) {
      case ParsedAssignment.Valid(Assignment assignment) ->
          Optional.of(
              new Understood(
                  new PodRef(assignment.namespace(), assignment.podName(), assignment.podUid()),
                  assignment.nodeName(),
                  assignment.ports().stream().map(Report::shown).toList(),
                  assignment.isReleased()));
      case ParsedAssignment.Invalid(List<Parsed.Problem> problems) ->
          Stream.ofNullable(object.getSpec())
              .flatMap(spec -> Stream.ofNullable(spec.podUID()))
              .findFirst()
              .map(uid ->
                  new NotUnderstood(
                      new PodRef(
                          object.getMetadata().getNamespace(), object.getMetadata().getName(), uid),
                      problems.stream()
                          .map(Parsed.Problem::toString)
                          .collect(Collectors.joining("; "))));
    };
  }

  private static AssignedPort shown(AssignedPort port) {
    ContainerVariables variables = port.variables();
    return port.withVariables(
        variables.outdated().isEmpty() && variables.kept().isEmpty()
            ? ContainerVariables.NONE
            : new ContainerVariables(List.of(), variables.outdated(), variables.kept()));
  }
}
