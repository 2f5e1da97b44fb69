package io.rdmagid.deviceplugin.pace;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class JitterTest {
  private static final Duration PAUSE = Duration.ofMinutes(10);

  @Test
  void whatIsAddedIsLeftToChanceFromNothingToAFifth() {
    assertThat(new Jitter(_ -> 0).lengthen(PAUSE)).isEqualTo(PAUSE);
    assertThat(new Jitter(bound -> bound - 1).lengthen(PAUSE)).isEqualTo(Duration.ofMinutes(12));
    assertThat(new Jitter(bound -> bound - 1).lengthen(Duration.ZERO)).isZero();
  }

  @RepeatedTest(100)
  void aFifthIsAddedAtMost() {
    assertThat(Jitter.random().lengthen(PAUSE)).isBetween(PAUSE, Duration.ofMinutes(12));
  }

  @Test
  void agentsDoNotComeBackTogether() {
    Set<Duration> pauses = new HashSet<>();
    for (int agent = 0; agent < 100; agent++) {
      pauses.add(Jitter.random().lengthen(PAUSE));
    }

    assertThat(pauses).hasSizeGreaterThan(90);
  }
}
