package io.rdmagid.assignment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.gid.GidScope;
import io.rdmagid.gid.GidType;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AssignedPortTest {
  private static final GidChoice CHOICE =
      GidChoice.of(new GidEntry(3, Gid.parse("::ffff:10.0.0.5"), GidType.ROCE_V2, 4, "net1"));

  private static AssignedPort port(AssignmentState state, Optional<GidChoice> choice) {
    return new AssignedPort(
        "main",
        "fast",
        "mlx5_0",
        1,
        state,
        choice,
        GidScope.POD,
        1,
        1,
        1,
        ContainerVariables.NONE,
        List.of());
  }

  @ParameterizedTest
  @EnumSource
  void onlyCurrentAndStaleHaveAChoice(AssignmentState state) {
    boolean has = state == AssignmentState.CURRENT || state == AssignmentState.STALE;

    assertThat(port(state, Optional.of(CHOICE).filter(_ -> has)).choice().isPresent())
        .isEqualTo(has);
    assertThat(AssignmentState.fromText(state.text())).contains(state);
  }

  @ParameterizedTest
  @EnumSource
  void anythingElseIsRefused(AssignmentState state) {
    boolean has = state == AssignmentState.CURRENT || state == AssignmentState.STALE;

    assertThatThrownBy(() -> port(state, Optional.of(CHOICE).filter(_ -> !has)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(state.text());
  }
}
