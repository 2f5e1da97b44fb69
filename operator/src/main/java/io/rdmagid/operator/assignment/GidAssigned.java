package io.rdmagid.operator.assignment;

import io.rdmagid.api.condition.ConditionStatus;
import io.rdmagid.api.condition.Conditions;
import io.rdmagid.assignment.AssignedPort;
import io.rdmagid.assignment.AssignmentState;
import io.rdmagid.assignment.ContainerVariables;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * What the pod's condition of this name says.
 *
 * @param reason one word in CamelCase, for programs
 * @param message for people
 */
record GidAssigned(ConditionStatus status, String reason, String message) {
  /** The reason where the agent's report and RdmaGid say different things. */
  static final String DISAGREES = "Disagrees";

  /**
   * True where every port has its index. Of several reasons why not the worst is told.
   *
   * @param differences between the report and what RdmaGids show, those that count
   * @param ended the names of the containers that have ended: nobody reads their variables, and a
   *     new one gets new ones
   */
  static GidAssigned of(List<AssignedPort> ports, List<Difference> differences, Set<String> ended) {
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
    if (!differences.isEmpty()) {
      return not(DISAGREES, Conditions.list(differences.stream().map(Difference::text).toList()));
    }
    String outdated =
        byContainer(
            ports.stream().filter(port -> !ended.contains(port.container())).toList(),
            ContainerVariables::outdated);
    if (!outdated.isEmpty()) {
      return not(
          "VariablesStale",
          "the files are right, but variables that were set before the index moved are not: "
              + outdated
              + "; a program that reads them needs a new container");
    }
    return ports.isEmpty()
        ? not("Pending", "no container holds a port yet")
        : new GidAssigned(ConditionStatus.TRUE, "Assigned", assigned(ports));
  }

  /** The assignment is not understood, as one of a later version. */
  static GidAssigned notUnderstood(String problems) {
    return new GidAssigned(ConditionStatus.UNKNOWN, "NotUnderstood", problems);
  }

  /**
   * The same, and that ids of one port count as one.
   *
   * @param doubled where they do; none for the same
   */
  GidAssigned noting(List<String> doubled) {
    return doubled.isEmpty()
        ? this
        : new GidAssigned(
            status,
            reason,
            message + "; ids of one port count as one: " + Conditions.list(doubled));
  }

  /** With the libraries that do not do as they are told: whoever uses one should know. */
  private static String assigned(List<AssignedPort> ports) {
    List<String> libraries =
        ports.stream().flatMap(port -> port.elsewhere().stream()).distinct().sorted().toList();
    List<AssignedPort> elsewhere =
        ports.stream().filter(port -> !port.elsewhere().isEmpty()).toList();
    StringBuilder text = new StringBuilder("every port has its index");
    if (!libraries.isEmpty()) {
      text.append(
          "; another is taken by %s at %s"
              .formatted(String.join(", ", libraries), names(elsewhere)));
    }
    String kept = byContainer(ports, ContainerVariables::kept);
    if (!kept.isEmpty()) {
      text.append("; variables of the pod's own stand: ").append(kept);
    }
    return text.toString();
  }

  /** {@code NCCL_IB_GID_INDEX of container main, …}; empty where there are none. */
  private static String byContainer(
      List<AssignedPort> ports, Function<ContainerVariables, List<String>> kind) {
    Map<String, Set<String>> names = new TreeMap<>();
    for (AssignedPort port : ports) {
      kind.apply(port.variables())
          .forEach(name -> names.computeIfAbsent(port.container(), _ -> new TreeSet<>()).add(name));
    }
    return Conditions.list(
        names.entrySet().stream()
            .map(entry -> String.join(", ", entry.getValue()) + " of container " + entry.getKey())
            .toList());
  }

  private static GidAssigned not(String reason, String message) {
    return new GidAssigned(ConditionStatus.FALSE, reason, message);
  }

  private static List<AssignedPort> in(AssignmentState state, List<AssignedPort> ports) {
    return ports.stream().filter(port -> port.state() == state).toList();
  }

  private static String names(List<AssignedPort> ports) {
    return Conditions.list(
        ports.stream()
            .map(port -> port.device() + "/" + port.port() + " of container " + port.container())
            .toList());
  }
}
