package io.rdmagid.deviceplugin.nri;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReconnectPausesTest {
  @Test
  void theFirstIsNone() {
    assertThat(ReconnectPauses.USUAL.after(0)).isEqualTo(Duration.ZERO);
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 2", "3, 4", "5, 16", "6, 30", "7, 30", "1000000, 30", "2147483647, 30"})
  void theyDoubleUpToTheLongest(int failures, int seconds) {
    assertThat(ReconnectPauses.USUAL.after(failures))
        .isBetween(Duration.ofSeconds(seconds), Duration.ofMillis(seconds * 1_200L));
  }

  @Test
  void onlyAConnectionThatLastedIsFollowedByOneAtOnce() {
    ReconnectPauses pauses = ReconnectPauses.USUAL;
    assertThat(pauses.failures(0, Optional.empty())).isEqualTo(1);
    assertThat(pauses.failures(7, Optional.empty())).isEqualTo(8);
    assertThat(pauses.failures(7, Optional.of(Duration.ofMillis(999)))).isEqualTo(1);
    assertThat(pauses.failures(7, Optional.of(Duration.ofSeconds(1)))).isZero();
  }
}
