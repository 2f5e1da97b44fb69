package io.rdmagid.e2e.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rdmagid.e2e.testbed.TestbedException;
import org.junit.jupiter.api.Test;

class FootprintTest {
  /** Thread 8 has ended, 9 has come. */
  @Test
  void wakeUpsAreThoseOfThreadsThatLive() {
    Footprint.Sample before = Footprint.Sample.parse("pss 100\nown 60\nticks 20\n7 1000\n8 5000\n");
    Footprint.Sample after = Footprint.Sample.parse("pss 110\nown 70\nticks 50\n7 1400\n9 6\n");

    Footprint footprint = Footprint.between(before, after);

    assertThat(footprint.wakeUps()).isEqualTo(203);
    assertThat(footprint.ticks()).isEqualTo(15);
    assertThat(footprint.pssBytes()).isEqualTo(110 * 1024);
    assertThat(footprint.ownBytes()).isEqualTo(70 * 1024);
  }

  @Test
  void anAgentThatIsNotThereIsSaid() {
    assertThatThrownBy(() -> Footprint.Sample.parse("pss 100\n"))
        .isInstanceOf(TestbedException.class)
        .hasMessageContaining("pss 100");
  }
}
