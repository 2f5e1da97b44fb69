package io.rdmagid.deviceplugin.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReadWindowTest {
  private final ReadWindow window = new ReadWindow();

  private static long millis(long millis) {
    return Duration.ofMillis(millis).toNanos();
  }

  @Test
  void theFirstChangeIsReadAtOnce() {
    assertThat(window.earliest(millis(-5))).isEqualTo(millis(-5));
  }

  @Test
  void theNextWaitsForTheEndOfTheWindow() {
    window.read(0, 0);

    assertThat(window.earliest(millis(1))).isEqualTo(millis(50));
    assertThat(window.earliest(millis(50))).isEqualTo(millis(50));
    assertThat(window.earliest(millis(70))).isEqualTo(millis(70));
  }

  @Test
  void aStormWidensTheWindowToASecondAndNoMore() {
    List<Long> pauses = new ArrayList<>();
    long now = 0;
    for (int i = 0; i < 8; i++) {
      window.read(now, now);
      long next = window.earliest(now + 1);
      pauses.add(Duration.ofNanos(next - now).toMillis());
      now = next;
    }

    assertThat(pauses).containsExactly(50L, 100L, 200L, 400L, 800L, 1000L, 1000L, 1000L);
  }

  @Test
  void aReadingThatTakesLongIsNoQuietTime() {
    long slow = millis(300);
    List<Long> rests = new ArrayList<>();
    long now = 0;
    for (int i = 0; i < 6; i++) {
      window.read(now, now + slow);
      long next = window.earliest(now + slow);
      rests.add(Duration.ofNanos(next - now - slow).toMillis());
      now = next;
    }

    assertThat(rests).containsExactly(50L, 100L, 200L, 400L, 800L, 1000L);
  }

  @Test
  void aQuietTimeNarrowsItAgain() {
    long now = 0;
    for (int i = 0; i < 8; i++) {
      window.read(now, now);
      now = window.earliest(now + 1);
    }
    now += millis(2000);

    assertThat(window.earliest(now)).isEqualTo(now);
    window.read(now, now);
    assertThat(window.earliest(now + 1)).isEqualTo(now + millis(50));
  }

  @Test
  void aHintLeavesTheDevicesOwnEventTime() {
    assertThat(window.afterHint(millis(-5))).isEqualTo(millis(995));
    window.read(0, 0);

    assertThat(window.afterHint(millis(1))).isEqualTo(millis(1001));
  }
}
