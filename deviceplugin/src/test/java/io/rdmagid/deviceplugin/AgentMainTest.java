package io.rdmagid.deviceplugin;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.management.CheckResult;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class AgentMainTest {
  private static CheckResult observing(Duration busy) {
    return AgentMain.observing(() -> busy).test().get();
  }

  @Test
  void aRoundOfMoreThanAMinuteIsNoLongerAlive() {
    assertThat(observing(Duration.ZERO)).isEqualTo(CheckResult.passing());
    assertThat(observing(Duration.ofSeconds(60))).isEqualTo(CheckResult.passing());
    assertThat(observing(Duration.ofSeconds(60).plusNanos(1)))
        .isEqualTo(
            CheckResult.failing("the observing thread has been in one round for more than 60 s"));
  }
}
