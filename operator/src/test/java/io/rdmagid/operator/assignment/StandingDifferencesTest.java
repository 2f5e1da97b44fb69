package io.rdmagid.operator.assignment;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.operator.TestClock;
import io.rdmagid.operator.assignment.StandingDifferences.Look;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StandingDifferencesTest {
  private static final Duration GRACE = StandingDifferences.GRACE;
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Difference ONE = difference("one");
  private static final Difference TWO = difference("two");

  private final TestClock clock = new TestClock();
  private final StandingDifferences standing = new StandingDifferences(clock);

  private static Difference difference(String text) {
    return new Difference(AssignedPorts.current("main", "mlx5_0", 3, "::ffff:10.0.0.1", 1), text);
  }

  @Test
  void aDifferenceCountsOnceItHasStoodUnchanged() {
    assertThat(look(ONE)).isEqualTo(new Look(List.of(), Optional.of(GRACE)));
    clock.advance(GRACE.minus(SECOND));
    assertThat(look(ONE)).isEqualTo(new Look(List.of(), Optional.of(SECOND)));
    assertThat(standing.disagreeing()).isZero();

    clock.advance(SECOND);
    assertThat(look(ONE)).isEqualTo(new Look(List.of(ONE), Optional.empty()));
    assertThat(standing.disagreeing()).isEqualTo(1);
  }

  @Test
  void whatChangesStartsAnew() {
    Look _ = look(ONE);
    clock.advance(GRACE.minus(SECOND));
    assertThat(look(TWO)).isEqualTo(new Look(List.of(), Optional.of(GRACE)));
    clock.advance(SECOND);
    assertThat(look()).isEqualTo(new Look(List.of(), Optional.empty()));
    assertThat(look(TWO)).isEqualTo(new Look(List.of(), Optional.of(GRACE)));
  }

  @Test
  void eachDifferenceHasItsOwnTime() {
    Look _ = look(ONE);
    clock.advance(SECOND);
    assertThat(look(ONE, TWO)).isEqualTo(new Look(List.of(), Optional.of(GRACE.minus(SECOND))));
    clock.advance(GRACE.minus(SECOND));
    assertThat(look(ONE, TWO)).isEqualTo(new Look(List.of(ONE), Optional.of(SECOND)));
  }

  @Test
  void whatThePodShowsAlreadyCountsAtOnce() {
    assertThat(standing.look("uid", List.of(ONE), true))
        .isEqualTo(new Look(List.of(ONE), Optional.empty()));
    assertThat(standing.disagreeing()).isEqualTo(1);
    standing.forget("uid");
    assertThat(standing.disagreeing()).isZero();
    assertThat(standing.look("uid", List.of(), true))
        .isEqualTo(new Look(List.of(), Optional.empty()));
  }

  private Look look(Difference... differences) {
    return standing.look("uid", List.of(differences), false);
  }
}
