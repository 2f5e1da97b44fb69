package io.rdmagid.operator.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.operator.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CountPaceTest {
  private final TestClock clock = new TestClock();
  private final CountPace pace = new CountPace(clock);

  @Test
  void countsThatKeepChangingAreWrittenLessAndLessOften() {
    Instant start = clock.instant();
    List<Long> written = new ArrayList<>();
    for (int second = 0; second <= 121; second++) {
      if (pace.left("rails").isEmpty()) {
        written.add(Duration.between(start, clock.instant()).toSeconds());
      }
      clock.advance(Duration.ofSeconds(1));
    }

    assertThat(written).containsExactly(0L, 1L, 3L, 7L, 15L, 31L, 61L, 91L, 121L);
  }

  @Test
  void whoeverAsksHearsHowLongToWait() {
    assertThat(pace.left("rails")).isEmpty();
    clock.advance(Duration.ofMillis(400));
    assertThat(pace.left("rails")).contains(Duration.ofMillis(600));
    assertThat(pace.left("storage")).as("another pool").isEmpty();
  }

  @Test
  void afterAQuietTimeTheFirstIsWrittenAtOnceAgain() {
    for (int i = 0; i < 10; i++) {
      assertThat(pace.left("rails")).isEmpty();
      clock.advance(CountPace.LONGEST);
    }
    assertThat(pace.left("rails")).as("one in the time is no quiet").isEmpty();
    assertThat(pace.left("rails")).contains(CountPace.LONGEST);

    clock.advance(CountPace.LONGEST.multipliedBy(2));
    assertThat(pace.left("rails")).isEmpty();
    assertThat(pace.left("rails")).contains(CountPace.SHORTEST);
  }

  @Test
  void aClockThatIsSetBackAndAPoolThatIsGoneMakeNobodyWait() {
    assertThat(pace.left("rails")).isEmpty();
    clock.advance(Duration.ofHours(-1));
    assertThat(pace.left("rails")).isEmpty();
    assertThat(pace.left("rails")).isPresent();

    pace.forget("rails");
    assertThat(pace.left("rails")).isEmpty();
  }
}
