package io.rdmagid.deviceplugin.pace;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class RetriesTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final LaterByHand later = new LaterByHand();
  private final Retries retries =
      new Retries(new Doubling(SECOND, Duration.ofSeconds(3)), later, this::step);
  private boolean refuses = true;
  private int steps;

  private void step() {
    steps++;
    if (refuses) {
      retries.refused();
    } else {
      retries.done();
    }
  }

  @Test
  void pausesDoubleUpToTheLongest() {
    step();
    for (long seconds : new long[] {1, 2, 3, 3}) {
      int before = steps;
      later.pass(Duration.ofSeconds(seconds).minusNanos(1));
      assertThat(steps).isEqualTo(before);
      later.pass(Duration.ofNanos(1));
      assertThat(steps).isEqualTo(before + 1);
    }
  }

  @Test
  void whatIsDoneIsNotDoneAgainAndTheNextPauseIsTheFirst() {
    step();
    later.pass(SECOND);
    refuses = false;
    later.pass(SECOND.multipliedBy(2));
    assertThat(steps).isEqualTo(3);
    assertThat(later.waiting()).isZero();

    refuses = true;
    step();
    later.pass(SECOND);
    assertThat(steps).isEqualTo(5);
  }

  /** As where an event shows that somebody else has seen to it. */
  @Test
  void whatIsDoneFromElsewhereTakesTheTryThatWaitsAlong() {
    step();
    later.pass(SECOND);
    later.pass(SECOND.multipliedBy(2));
    assertThat(steps).isEqualTo(3);

    retries.done();
    assertThat(later.waiting()).isZero();
    retries.refused();
    later.pass(SECOND.minusNanos(1));
    assertThat(steps).isEqualTo(3);
    later.pass(Duration.ofNanos(1));
    assertThat(steps).isEqualTo(4);
    assertThat(later.waiting()).isEqualTo(1);
  }

  /** The thread of the try is on its way when another one finds it done. */
  @Test
  void aTryThatCouldNotBeCancelledAnyMoreDoesNothing() {
    List<Runnable> begun = new ArrayList<>();
    Retries late =
        new Retries(
            new Doubling(SECOND, SECOND),
            (_, step) -> {
              begun.add(step);
              return CompletableFuture.completedFuture(null);
            },
            () -> steps++);
    late.refused();
    late.done();
    begun.getFirst().run();
    late.refused();
    begun.getFirst().run();
    assertThat(steps).isZero();

    begun.getLast().run();
    assertThat(steps).isEqualTo(1);
  }

  @Test
  void oneStepWaitsHoweverOftenItIsRefused() {
    step();
    step();
    step();
    assertThat(later.waiting()).isEqualTo(1);
  }
}
