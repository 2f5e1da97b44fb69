package io.rdmagid.operator.assignment;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.api.condition.ConditionStatus;
import io.rdmagid.assignment.AssignedPort;
import java.util.List;
import org.junit.jupiter.api.Test;

class GidAssignedTest {
  private static final AssignedPort PORT =
      AssignedPorts.current("main", "mlx5_0", 3, "::ffff:10.0.0.1", 1);

  @Test
  void everyPortHasItsIndex() {
    assertThat(GidAssigned.of(List.of(PORT)))
        .isEqualTo(new GidAssigned(ConditionStatus.TRUE, "Assigned", "every port has its index"));
  }

  @Test
  void librariesThatTakeAnotherEntryAreNamed() {
    AssignedPort other = elsewhere("mlx5_1", List.of("nvshmem", "nccl"));
    assertThat(GidAssigned.of(List.of(PORT, other)))
        .isEqualTo(
            new GidAssigned(
                ConditionStatus.TRUE,
                "Assigned",
                "every port has its index; another is taken by nccl, nvshmem at mlx5_1/1 of container main"));
  }

  private static AssignedPort elsewhere(String device, List<String> libraries) {
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
        PORT.injected(),
        libraries);
  }
}
