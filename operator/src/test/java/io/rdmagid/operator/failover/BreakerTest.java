package io.rdmagid.operator.failover;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BreakerTest {
  @ParameterizedTest
  @CsvSource({
    "0.2, 20",
    "1, 100",
    "0, 0",
    "0.125, 12.5",
    "0.07, 7",
    "0.0004, 0.04",
    "0.000000001, 0.0000001"
  })
  void theShareIsToldAsItWasGiven(double share, String percent) {
    assertThat(new Breaker(12, 40_000, share).text())
        .isEqualTo(
            "12 of the 40000 ports that pods hold are broken at once, more than " + percent + " %");
  }
}
