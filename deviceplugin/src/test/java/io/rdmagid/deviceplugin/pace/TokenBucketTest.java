package io.rdmagid.deviceplugin.pace;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class TokenBucketTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final long S = SECOND.toNanos();

  /** Any number is a time of {@code System.nanoTime}, near its overflow as well. */
  private static final long START = Long.MAX_VALUE - S;

  @Test
  void aBurstAndThenOneAnInterval() {
    TokenBucket bucket = new TokenBucket(3, SECOND);
    for (int i = 0; i < 3; i++) {
      assertThat(bucket.dueAt(START)).isEmpty();
      bucket.take(START);
    }

    assertThat(bucket.dueAt(START)).isEqualTo(OptionalLong.of(START + S));
    assertThat(bucket.dueAt(START + S - 1)).isEqualTo(OptionalLong.of(START + S));
    assertThat(bucket.dueAt(START + S)).isEmpty();
    bucket.take(START + S);
    assertThat(bucket.dueAt(START + S)).isEqualTo(OptionalLong.of(START + 2 * S));
  }

  @Test
  void aQuietTimeFillsItAndNoMore() {
    TokenBucket bucket = new TokenBucket(2, SECOND);
    bucket.take(START);
    bucket.take(START);
    assertThat(bucket.isFull(START + 2 * S - 1)).isFalse();
    assertThat(bucket.isFull(START + 2 * S)).isTrue();

    long later = START + 100 * S;
    bucket.take(later);
    assertThat(bucket.dueAt(later)).isEmpty();
    bucket.take(later);
    assertThat(bucket.dueAt(later)).isEqualTo(OptionalLong.of(later + S));
  }

  @Test
  void oneTokenIsAPauseBetweenTwo() {
    TokenBucket bucket = new TokenBucket(1, SECOND);
    assertThat(bucket.isFull(START)).isTrue();
    bucket.take(START);

    assertThat(bucket.dueAt(START + S / 2)).isEqualTo(OptionalLong.of(START + S));
    assertThat(bucket.dueAt(START + S)).isEmpty();
  }

  /** However it is asked: in no span of time are there more than a burst and one an interval. */
  @Property
  void noSpanHasMoreThanTheBurstAndOneAnInterval(
      @ForAll @IntRange(min = 1, max = 5) int burst,
      @ForAll @Size(max = 60) List<@IntRange(max = 1_500) Integer> waitMillis) {
    TokenBucket bucket = new TokenBucket(burst, SECOND);
    List<Long> taken = new ArrayList<>();
    long now = START;
    for (int wait : waitMillis) {
      now += Duration.ofMillis(wait).toNanos();
      if (bucket.dueAt(now).isEmpty()) {
        bucket.take(now);
        taken.add(now - START);
      }
    }
    for (int from = 0; from < taken.size(); from++) {
      for (int to = from; to < taken.size(); to++) {
        assertThat(to - from + 1L)
            .isLessThanOrEqualTo(burst + (taken.get(to) - taken.get(from)) / S);
      }
    }
  }
}
