package io.rdmagid.deviceplugin.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PausesTest {
  private static final Duration LONGEST = Duration.ofSeconds(30);

  @ParameterizedTest
  @CsvSource({"0, 1", "1, 2", "4, 16", "5, 30", "6, 30", "1000000, 30"})
  void aPauseDoublesUpToTheLongest(int failures, int seconds) {
    Duration base = Duration.ofSeconds(seconds);

    assertThat(Pauses.afterFailure(failures, LONGEST))
        .isBetween(base, base.plus(base.dividedBy(5)));
  }

  @RepeatedTest(100)
  void aFifthIsAddedAtMost() {
    assertThat(Pauses.jittered(LONGEST)).isBetween(LONGEST, Duration.ofSeconds(36));
  }
}
