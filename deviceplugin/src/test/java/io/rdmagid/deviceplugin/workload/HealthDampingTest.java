package io.rdmagid.deviceplugin.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.deviceplugin.workload.PoolOffer.OfferedDevice;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HealthDampingTest {
  private static final HeldPort PORT = new HeldPort("rxe0", 1);

  /** A time that has gone past zero, as that of {@link System#nanoTime} can. */
  private static final long START = Long.MAX_VALUE - 5;

  private final HealthDamping damping = new HealthDamping();

  @Test
  void aPortThatAPodHoldsIsDownAfterHalfAMinute() {
    assertThat(isHealthy(false, Set.of(PORT), 0)).isTrue();
    assertThat(damping.pause(START)).hasValue(Duration.ofSeconds(30).toNanos());
    assertThat(isHealthy(false, Set.of(PORT), 29)).isTrue();
    assertThat(isHealthy(false, Set.of(PORT), 30)).isFalse();
    assertThat(damping.pause(at(30))).as("nothing more to wait for").isEmpty();
    assertThat(isHealthy(false, Set.of(PORT), 60)).as("it stays so").isFalse();
  }

  @Test
  void aPortThatIsBackIsHealthyAtOnceAndHasAllItsTimeAgain() {
    assertThat(isHealthy(false, Set.of(PORT), 0)).isTrue();
    assertThat(isHealthy(true, Set.of(PORT), 20)).isTrue();
    assertThat(damping.pause(at(20))).isEmpty();
    assertThat(isHealthy(false, Set.of(PORT), 25)).isTrue();
    assertThat(isHealthy(false, Set.of(PORT), 54)).isTrue();
    assertThat(isHealthy(false, Set.of(PORT), 55)).isFalse();
    assertThat(isHealthy(true, Set.of(PORT), 56)).isTrue();
  }

  @Test
  void aPortThatNobodyHoldsIsDownAtOnce() {
    assertThat(isHealthy(false, Set.of(), 0)).isFalse();
    assertThat(damping.pause(START)).isEmpty();
    assertThat(isHealthy(false, Set.of(new HeldPort("rxe0", 2)), 0)).isFalse();
  }

  /** What was told is not taken back: its other ids would be handed out. */
  @Test
  void aPortThatIsDownWhenAPodTakesItStaysDown() {
    assertThat(isHealthy(false, Set.of(), 0)).isFalse();
    assertThat(isHealthy(false, Set.of(PORT), 1)).isFalse();
    assertThat(damping.pause(at(1))).isEmpty();
  }

  @Test
  void aPortIsDownWhenItsPodLetsItGo() {
    assertThat(isHealthy(false, Set.of(PORT), 0)).isTrue();
    assertThat(isHealthy(false, Set.of(), 1)).isFalse();
  }

  private boolean isHealthy(boolean healthy, Set<HeldPort> used, long seconds) {
    PoolOffer offer =
        new PoolOffer(
            "rail",
            "rdmagid.io/rail",
            List.of(new OfferedDevice("rxe0:1::0", "rxe0", 1, healthy, -1)));
    return damping
        .damped(List.of(offer), used, at(seconds))
        .getFirst()
        .devices()
        .getFirst()
        .healthy();
  }

  private static long at(long seconds) {
    return START + Duration.ofSeconds(seconds).toNanos();
  }
}
