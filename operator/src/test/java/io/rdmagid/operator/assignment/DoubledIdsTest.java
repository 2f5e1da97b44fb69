package io.rdmagid.operator.assignment;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.assignment.AssignedPort;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DoubledIdsTest {
  private static final AssignedPort FIRST =
      AssignedPorts.current("main", "mlx5_0", 3, "::ffff:10.0.0.1", 1);
  private static final AssignedPort SECOND =
      AssignedPorts.current("main", "mlx5_1", 3, "::ffff:10.0.1.1", 1);

  @Test
  void fewerPortsThanIdsAreTold() {
    assertThat(doubled(List.of(FIRST), Map.of("main", Map.of("rdmagid.io/rails", 2L))))
        .containsExactly("container main has 1 port for 2 of rdmagid.io/rails");
    assertThat(doubled(List.of(FIRST, SECOND), Map.of("main", Map.of("rdmagid.io/rails", 3L))))
        .containsExactly("container main has 2 ports for 3 of rdmagid.io/rails");
  }

  @Test
  void aPortAnIdIsNothingToTell() {
    assertThat(doubled(List.of(FIRST, SECOND), Map.of("main", Map.of("rdmagid.io/rails", 2L))))
        .isEmpty();
    assertThat(doubled(List.of(FIRST), Map.of("side", Map.of("rdmagid.io/rails", 2L)))).isEmpty();
    assertThat(doubled(List.of(FIRST), Map.of("main", Map.of("rdmagid.io/other", 2L)))).isEmpty();
  }

  private static List<String> doubled(
      List<AssignedPort> ports, Map<String, Map<String, Long>> asked) {
    return DoubledIds.of(ports, asked, pool -> "rdmagid.io/" + pool);
  }
}
