package io.rdmagid.operator.assignment;

import io.rdmagid.api.condition.ConditionStatus;
import io.rdmagid.assignment.AssignedPort;
import io.rdmagid.assignment.AssignmentState;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What the pod's condition of this name says.
 *
 * @param reason one word in CamelCase, for programs
 * @param message for people
 */
record GidAssigned(ConditionStatus status, String reason, String message) {
  /** How many ports a message names. */
  private static final int MOST_NAMED = 10;

  /** True where every port has its index. Of several reasons why not the worst is told. */
  static GidAssigned of(List<AssignedPort> ports) {
    List<AssignedPort> none = in(AssignmentState.NONE, ports);
    List<AssignedPort> stale = in(AssignmentState.STALE, ports);
    List<AssignedPort> pending = in(AssignmentState.PENDING, ports);
    if (!none.isEmpty()) {
      return not("NoUsableGid", "no GID will do at " + names(none));
    }
    if (!stale.isEmpty()) {
      return not("Stale", "nobody can tell whether the index is still right at " + names(stale));
    }
    if (!pending.isEmpty()) {
      return not("Pending", "no index was chosen yet at " + names(pending));
    }
    return ports.isEmpty()
        ? not("Pending", "no container holds a port yet")
        : new GidAssigned(ConditionStatus.TRUE, "Assigned", assigned(ports));
  }

  /** The assignment is not understood, as one of a later version. */
  static GidAssigned notUnderstood(String problems) {
    return new GidAssigned(ConditionStatus.UNKNOWN, "NotUnderstood", problems);
  }

  /** With the libraries that do not do as they are told: whoever uses one should know. */
  private static String assigned(List<AssignedPort> ports) {
    List<String> libraries =
        ports.stream().flatMap(port -> port.elsewhere().stream()).distinct().sorted().toList();
    List<AssignedPort> elsewhere =
        ports.stream().filter(port -> !port.elsewhere().isEmpty()).toList();
    return libraries.isEmpty()
        ? "every port has its index"
        : "every port has its index; another is taken by %s at %s"
            .formatted(String.join(", ", libraries), names(elsewhere));
  }

  private static GidAssigned not(String reason, String message) {
    return new GidAssigned(ConditionStatus.FALSE, reason, message);
  }

  private static List<AssignedPort> in(AssignmentState state, List<AssignedPort> ports) {
    return ports.stream().filter(port -> port.state() == state).toList();
  }

  private static String names(List<AssignedPort> ports) {
    String first =
        ports.stream()
            .limit(MOST_NAMED)
            .map(port -> port.device() + "/" + port.port() + " of container " + port.container())
            .collect(Collectors.joining(", "));
    return ports.size() <= MOST_NAMED
        ? first
        : first + " and " + (ports.size() - MOST_NAMED) + " more";
  }
}
