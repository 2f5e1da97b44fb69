package io.rdmagid.operator.assignment;

import io.rdmagid.assignment.AssignedPort;
import io.rdmagid.assignment.AssignmentState;
import io.rdmagid.assignment.ContainerVariables;
import io.rdmagid.assignment.GidChoice;
import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidScope;
import io.rdmagid.gid.GidType;
import java.util.List;
import java.util.Optional;

/** Ports for tests, as an annotation carries them. */
final class AssignedPorts {
  private AssignedPorts() {}

  static AssignedPort current(
      String container, String device, int index, String gid, long generation) {
    return current(container, device, index, gid, generation, ContainerVariables.NONE);
  }

  /** One that nothing was chosen for yet. */
  static AssignedPort pending(String container, String device, long generation) {
    return new AssignedPort(
        container,
        "rails",
        device,
        1,
        AssignmentState.PENDING,
        Optional.empty(),
        GidScope.POD,
        generation,
        0,
        0,
        ContainerVariables.NONE,
        List.of());
  }

  /** One in whose container a variable says something else. */
  static AssignedPort outdated(
      String container, String device, int index, String gid, long generation) {
    return current(
        container,
        device,
        index,
        gid,
        generation,
        new ContainerVariables(List.of("MC_GID_INDEX"), List.of("MC_GID_INDEX"), List.of()));
  }

  private static AssignedPort current(
      String container,
      String device,
      int index,
      String gid,
      long generation,
      ContainerVariables variables) {
    return new AssignedPort(
        container,
        "rails",
        device,
        1,
        AssignmentState.CURRENT,
        Optional.of(new GidChoice(index, Gid.parse(gid), GidType.ROCE_V2, "net1")),
        GidScope.POD,
        generation,
        0,
        0,
        variables,
        List.of());
  }
}
