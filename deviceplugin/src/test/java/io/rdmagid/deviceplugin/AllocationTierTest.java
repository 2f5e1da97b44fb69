package io.rdmagid.deviceplugin;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.management.CheckResult;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class AllocationTierTest {
  private static CheckResult atWork(Duration busy) {
    return AllocationTier.atWork(() -> busy).test().get();
  }

  @Test
  void aStepOfMoreThanFiveMinutesIsNoLongerAlive() {
    assertThat(atWork(Duration.ZERO)).isEqualTo(CheckResult.passing());
    assertThat(atWork(Duration.ofMinutes(5))).isEqualTo(CheckResult.passing());
    assertThat(atWork(Duration.ofMinutes(5).plusNanos(1)))
        .isEqualTo(
            CheckResult.failing(
                "the thread of the allocations has been at one step for more than 300 s"));
  }
}
