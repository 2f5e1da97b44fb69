package io.rdmagid.deviceplugin.pace;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DoublingTest {
  private final Doubling pauses = new Doubling(Duration.ofMillis(50), Duration.ofMillis(300));

  @Test
  void eachIsTwiceTheOneBeforeUpToTheLongest() {
    assertThat(IntStream.range(0, 5).mapToObj(pauses::after).map(Duration::toMillis))
        .containsExactly(50L, 100L, 200L, 300L, 300L);
  }

  @Test
  void manyFailuresHaveTheLongest() {
    assertThat(pauses.after(Integer.MAX_VALUE)).isEqualTo(Duration.ofMillis(300));
  }
}
