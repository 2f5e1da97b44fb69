package io.rdmagid.operator.assignment;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.api.condition.ConditionStatus;
import io.rdmagid.assignment.AssignedPort;
import io.rdmagid.assignment.ContainerVariables;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GidAssignedTest {
  private static final AssignedPort PORT =
      AssignedPorts.current("main", "mlx5_0", 3, "::ffff:10.0.0.1", 1);

  @Test
  void everyPortHasItsIndex() {
    assertThat(GidAssigned.of(List.of(PORT), List.of(), Set.of()))
        .isEqualTo(new GidAssigned(ConditionStatus.TRUE, "Assigned", "every port has its index"));
  }

  @Test
  void librariesThatTakeAnotherEntryAreNamed() {
    AssignedPort other = elsewhere("mlx5_1", List.of("nvshmem", "nccl"));
    assertThat(GidAssigned.of(List.of(PORT, other), List.of(), Set.of()))
        .isEqualTo(
            new GidAssigned(
                ConditionStatus.TRUE,
                "Assigned",
                "every port has its index; another is taken by nccl, nvshmem at mlx5_1/1 of container main"));
  }

  @Test
  void variablesThatWereSetBeforeTheIndexMovedAreNamed() {
    AssignedPort port =
        port(
            new ContainerVariables(
                List.of("MC_GID_INDEX", "RDMAGID_RAILS_0_GID_INDEX", "RDMAGID_RAILS_0_PORT"),
                List.of("RDMAGID_RAILS_0_GID_INDEX", "MC_GID_INDEX"),
                List.of()));
    assertThat(GidAssigned.of(List.of(port, port), List.of(), Set.of()))
        .isEqualTo(
            new GidAssigned(
                ConditionStatus.FALSE,
                "VariablesStale",
                "the files are right, but variables that were set before the index moved are not:"
                    + " MC_GID_INDEX, RDMAGID_RAILS_0_GID_INDEX of container main; a program that reads them needs a"
                    + " new container"));
  }

  @Test
  void theVariablesOfAContainerThatHasEndedAreNobodys() {
    ContainerVariables variables = new ContainerVariables(List.of("A"), List.of("A"), List.of());
    AssignedPort port = port(variables);
    assertThat(GidAssigned.of(List.of(port), List.of(), Set.of("main")).reason())
        .isEqualTo("Assigned");
    assertThat(GidAssigned.of(List.of(port), List.of(), Set.of("init")).reason())
        .isEqualTo("VariablesStale");
  }

  @Test
  void variablesOfThePodsOwnAreNamed() {
    AssignedPort port =
        port(new ContainerVariables(List.of(), List.of(), List.of("NCCL_IB_GID_INDEX")));
    assertThat(GidAssigned.of(List.of(port), List.of(), Set.of()).message())
        .isEqualTo(
            "every port has its index; variables of the pod's own stand: NCCL_IB_GID_INDEX of container main");
  }

  @Test
  void differencesAreNamedBeforeVariables() {
    AssignedPort port = port(new ContainerVariables(List.of("A"), List.of("A"), List.of()));
    assertThat(
            GidAssigned.of(
                List.of(port),
                List.of(new Difference(port, "one"), new Difference(port, "two")),
                Set.of()))
        .isEqualTo(new GidAssigned(ConditionStatus.FALSE, "Disagrees", "one, two"));
  }

  private static AssignedPort elsewhere(String device, List<String> libraries) {
    return port(device, ContainerVariables.NONE, libraries);
  }

  private static AssignedPort port(ContainerVariables variables) {
    return port("mlx5_0", variables, List.of());
  }

  private static AssignedPort port(
      String device, ContainerVariables variables, List<String> libraries) {
    return new AssignedPort(
        PORT.container(),
        PORT.pool(),
        device,
        PORT.port(),
        PORT.state(),
        PORT.choice(),
        PORT.scope(),
        PORT.generation(),
        PORT.ruleRevision(),
        PORT.selectorVersion(),
        variables,
        libraries);
  }
}
