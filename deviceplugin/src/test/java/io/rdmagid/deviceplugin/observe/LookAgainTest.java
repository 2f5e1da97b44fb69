package io.rdmagid.deviceplugin.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LookAgainTest {
  private static final long FOREVER = Duration.ofHours(1).toNanos();

  private final LookAgain lookAgain = new LookAgain();
  private long now = -5;

  /** Looks whenever it is due, at most {@code times}; the pauses in milliseconds. */
  private List<Long> pauses(int times, boolean unread) {
    List<Long> pauses = new ArrayList<>();
    while (pauses.size() < times) {
      if (unread) {
        lookAgain.inAMinute(now);
      }
      long wait = lookAgain.within(FOREVER, now);
      if (wait == FOREVER) {
        return pauses;
      }
      assertThat(lookAgain.due(now + wait - 1)).isFalse();
      now += wait;
      assertThat(lookAgain.due(now)).isTrue();
      pauses.add(Duration.ofNanos(wait).toMillis());
      lookAgain.looked(false, now);
    }
    return pauses;
  }

  @Test
  void beforeTheFirstLookNothingIsPlanned() {
    assertThat(lookAgain.due(now)).isFalse();
    assertThat(lookAgain.within(FOREVER, now)).isEqualTo(FOREVER);
  }

  @Test
  void aChangeIsFollowedByLooksThatEnd() {
    lookAgain.looked(true, now);

    assertThat(pauses(99, false))
        .containsExactly(100L, 200L, 400L, 800L, 1600L, 3200L, 6400L, 12_800L, 25_600L, 51_200L);
  }

  @Test
  void whatCannotBeReadIsLookedAtEveryMinute() {
    lookAgain.looked(true, now);

    assertThat(pauses(13, true)).endsWith(51_200L, 60_000L, 60_000L, 60_000L);
  }

  @Test
  void somethingUnreadInAQuietTimeIsLookedAtInAMinute() {
    lookAgain.looked(true, now);
    var _ = pauses(99, false);

    assertThat(pauses(1, true)).containsExactly(60_000L);
  }
}
