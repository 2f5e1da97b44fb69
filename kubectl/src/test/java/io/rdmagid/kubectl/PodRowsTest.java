package io.rdmagid.kubectl;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.assignment.AssignedPort;
import io.rdmagid.assignment.Assignment;
import io.rdmagid.assignment.AssignmentState;
import io.rdmagid.assignment.ContainerVariables;
import io.rdmagid.assignment.GidChoice;
import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidScope;
import io.rdmagid.gid.GidType;
import io.rdmagid.kubectl.snapshot.PodAssignment;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PodRowsTest {
  private static final AssignedPort PORT =
      new AssignedPort(
          "pytorch",
          "rail",
          "mlx5_bond_0",
          1,
          AssignmentState.CURRENT,
          Optional.of(
              new GidChoice(3, Gid.parse("::ffff:192.168.100.101"), GidType.ROCE_V2, "eth0")),
          GidScope.POD,
          1,
          1,
          1,
          ContainerVariables.NONE,
          List.of());

  @Test
  void usualNamesFitATerminal() {
    Assignment held =
        new Assignment("team", "train-worker-0-x7k2", "uid", "gpu-node-12", List.of(PORT));

    assertThat(PodRows.table(List.of(new PodAssignment(held, List.of())), false, false).lines())
        .containsExactly(
            "POD                  NODE         DEVICE/PORT    INDEX  GID/ADDRESS      STATE",
            "train-worker-0-x7k2  gpu-node-12  mlx5_bond_0/1  3      192.168.100.101  current")
        .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
  }
}
