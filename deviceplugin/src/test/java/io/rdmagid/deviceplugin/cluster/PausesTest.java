package io.rdmagid.deviceplugin.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.deviceplugin.pace.Jitter;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PausesTest {
  private static final Duration LONGEST = Duration.ofSeconds(30);

  @ParameterizedTest
  @CsvSource({"0, 1", "1, 2", "4, 16", "5, 30", "6, 30", "1000000, 30"})
  void aPauseDoublesUpToTheLongest(int failures, int seconds) {
    Duration base = Duration.ofSeconds(seconds);

    assertThat(new Pauses(new Jitter(_ -> 0)).afterFailure(failures, LONGEST)).isEqualTo(base);
    assertThat(new Pauses(new Jitter(bound -> bound - 1)).afterFailure(failures, LONGEST))
        .isEqualTo(base.plus(base.dividedBy(5)));
  }
}
