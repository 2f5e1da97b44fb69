package io.rdmagid.operator.failover;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.api.v1alpha1.AssignmentMapping;
import io.rdmagid.assignment.AssignedPort;
import io.rdmagid.assignment.Assignment;
import io.rdmagid.assignment.AssignmentState;
import io.rdmagid.assignment.ContainerVariables;
import io.rdmagid.assignment.GidChoice;
import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidScope;
import io.rdmagid.gid.GidType;
import io.rdmagid.operator.failover.HeldPod.Ports;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HeldPodTest {
  private static final String FIRST = "RDMAGID_RAIL_A_0_GID_INDEX";
  private static final String SECOND = "RDMAGID_RAIL_A_1_GID_INDEX";
  private static final List<String> NO_INDEX =
      List.of("RDMAGID_RAIL_A_0_DEVICE", "RDMAGID_RAIL_A_1_DEVICE");

  private static AssignedPort port(
      String device, AssignmentState state, long generation, ContainerVariables variables) {
    return new AssignedPort(
        "train",
        "rail-a",
        device,
        1,
        state,
        state.hasChoice()
            ? Optional.of(new GidChoice(3, Gid.parse("::ffff:10.0.0.1"), GidType.ROCE_V2, "net1"))
            : Optional.empty(),
        GidScope.POD,
        generation,
        1,
        1,
        variables,
        List.of());
  }

  private static AssignedPort none(String device, long generation, List<String> injected) {
    return port(
        device,
        AssignmentState.NONE,
        generation,
        new ContainerVariables(injected, List.of(), List.of()));
  }

  private static Ports ports(boolean required, AssignedPort... ports) {
    HeldPod pod =
        HeldPod.of(
                AssignmentMapping.object(
                    new Assignment("team", "a", "uid-a", "node", List.of(ports))))
            .orElseThrow();
    return pod.told(required ? Set.of("rail-a") : Set.of("other")).pools().get("rail-a");
  }

  @Test
  void aPortThatHadAnIndexHasLostIt() {
    assertThat(ports(false, none("mlx5_0", 2, List.of(FIRST)))).isEqualTo(new Ports(1, 1, 0, 0));
    assertThat(ports(false, port("mlx5_0", AssignmentState.STALE, 2, ContainerVariables.NONE)))
        .isEqualTo(new Ports(1, 1, 0, 0));
  }

  @Test
  void aPortThatNeverHadAnIndexHasNoneToLose() {
    assertThat(ports(false, none("mlx5_0", 1, NO_INDEX))).isEqualTo(new Ports(1, 0, 0, 0));
    assertThat(ports(true, none("mlx5_0", 1, NO_INDEX)))
        .as("the rule of today is not that of then")
        .isEqualTo(new Ports(1, 0, 0, 0));
  }

  @Test
  void ofTwoPortsThatOneIsBrokenWhoseIndexTheContainerWasMadeWith() {
    List<String> second = List.of("RDMAGID_RAIL_A_0_DEVICE", SECOND);

    assertThat(ports(false, none("mlx5_0", 3, second), none("mlx5_1", 3, second)))
        .isEqualTo(new Ports(2, 1, 0, 0));
  }

  /** Without NRI, or while the container cannot be made again. */
  @Test
  void withoutVariablesTheRuleTells() {
    assertThat(ports(true, none("mlx5_0", 2, List.of()))).isEqualTo(new Ports(1, 1, 0, 0));
    assertThat(ports(false, none("mlx5_0", 2, List.of()))).isEqualTo(new Ports(1, 0, 0, 0));
    assertThat(ports(true, none("mlx5_0", 0, List.of())))
        .as("no container of it was ever made")
        .isEqualTo(new Ports(1, 0, 0, 0));
  }

  @Test
  void whatWaitsOrEndedIsNotCounted() {
    assertThat(
            ports(
                true,
                port("mlx5_0", AssignmentState.PENDING, 2, ContainerVariables.NONE),
                port("mlx5_1", AssignmentState.RELEASED, 2, ContainerVariables.NONE)))
        .isEqualTo(new Ports(0, 0, 0, 0));
  }

  @Test
  void anOutdatedVariableIsCountedWhereTheFilesAreRight() {
    assertThat(
            ports(
                true,
                port(
                    "mlx5_0",
                    AssignmentState.CURRENT,
                    2,
                    new ContainerVariables(List.of(FIRST), List.of(FIRST), List.of()))))
        .isEqualTo(new Ports(1, 0, 0, 1));
  }
}
