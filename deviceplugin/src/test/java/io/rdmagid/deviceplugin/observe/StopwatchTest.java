package io.rdmagid.deviceplugin.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StopwatchTest {
  private final List<byte[]> kept = new ArrayList<>();
  private long now;
  private long allocated;
  private int rounds;

  /** Each round takes as many nanoseconds as rounds came before it, and ten bytes. */
  private Optional<String> round() {
    now += rounds++;
    allocated += 10;
    return Optional.empty();
  }

  @Test
  void theNearestRanksOfTheRoundsAfterTheWarmUp() {
    Stopwatch stopwatch = new Stopwatch(() -> now, () -> allocated);

    // 50 rounds of warm-up, then rounds of 50 to 249 ns.
    assertThat(stopwatch.measure(200, this::round))
        .isEqualTo(new Stopwatch.Outcome.Measured<String>(new Stopwatch.Timing(200, 149, 247, 10)));
    assertThat(rounds).isEqualTo(250);
  }

  @Test
  void oneRoundIsItsOwnMedian() {
    Stopwatch stopwatch = new Stopwatch(() -> now, () -> allocated);

    assertThat(stopwatch.measure(1, this::round))
        .isEqualTo(new Stopwatch.Outcome.Measured<String>(new Stopwatch.Timing(1, 1, 1, 10)));
  }

  @Test
  void whatIsDoneBeforeARoundDoesNotCount() {
    Stopwatch stopwatch = new Stopwatch(() -> now, () -> allocated);

    assertThat(
            stopwatch.measure(
                1,
                () -> {
                  now += 1_000;
                  allocated += 1_000;
                  return Optional.empty();
                },
                this::round))
        .isEqualTo(new Stopwatch.Outcome.Measured<String>(new Stopwatch.Timing(1, 1, 1, 10)));
    assertThat(now).isEqualTo(2_001);
  }

  @Test
  void aProblemBeforeARoundEndsIt() {
    Stopwatch stopwatch = new Stopwatch(() -> now, () -> allocated);

    assertThat(
            stopwatch.measure(
                8, () -> rounds < 5 ? Optional.empty() : Optional.of("before"), this::round))
        .isEqualTo(new Stopwatch.Outcome.Failed<>("before"));
    assertThat(rounds).isEqualTo(5);
  }

  @Test
  void theFirstProblemEndsIt() {
    Stopwatch stopwatch = new Stopwatch(() -> now, () -> allocated);

    assertThat(stopwatch.measure(8, () -> Optional.of("refused " + rounds++)))
        .isEqualTo(new Stopwatch.Outcome.Failed<>("refused 0"));
    rounds = 0;
    assertThat(stopwatch.measure(8, () -> rounds++ < 5 ? Optional.empty() : Optional.of("later")))
        .isEqualTo(new Stopwatch.Outcome.Failed<>("later"));
  }

  @Test
  void theJvmCountsWhatAThreadAllocatesFactTest() {
    Stopwatch.Outcome<String> outcome =
        Stopwatch.ofThisThread()
            .measure(
                100,
                () -> {
                  kept.add(new byte[10_000]);
                  return Optional.empty();
                });

    assertThat(outcome)
        .isInstanceOfSatisfying(
            Stopwatch.Outcome.Measured.class,
            measured -> assertThat(measured.timing().allocatedBytes()).isBetween(10_000L, 20_000L));
  }
}
