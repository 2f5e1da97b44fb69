package io.rdmagid.deviceplugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import net.jqwik.api.lifecycle.TryExecutionResult;
import org.junit.jupiter.api.Test;

class TryBoundsTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final long BOUND = 8L << 20;

  @Test
  void aLoopWithoutEndFailsAndSaysWhereItIs() throws Throwable {
    AtomicBoolean ended = new AtomicBoolean();
    try {
      TryExecutionResult result = TryBounds.run(() -> loop(ended), Duration.ofMillis(200), BOUND);

      assertThat(result.isFalsified()).isTrue();
      assertThat(result.throwable().orElseThrow())
          .hasMessageContaining("more than PT0.2S")
          .hasStackTraceContaining("TryBoundsTest.loop");
    } finally {
      ended.set(true);
    }
  }

  /** Heeds no interrupt. */
  private static TryExecutionResult loop(AtomicBoolean ended) {
    while (!ended.get()) {
      Thread.onSpinWait();
    }
    return TryExecutionResult.satisfied();
  }

  @Test
  void whatTakesMoreMemoryThanItsBoundFailsOnWhateverThread() throws Throwable {
    AtomicReference<byte[]> held = new AtomicReference<>();

    TryExecutionResult result =
        TryBounds.run(
            () -> {
              assertThat(joined(Thread.ofPlatform().start(() -> held.set(new byte[16 << 20]))))
                  .isTrue();
              return TryExecutionResult.satisfied();
            },
            LIMIT,
            BOUND);

    assertThat(held.get()).hasSize(16 << 20);
    assertThat(result.isFalsified()).isTrue();
    assertThat(result.throwable().orElseThrow()).hasMessageContaining("more than 8388608");
  }

  private static boolean joined(Thread thread) {
    try {
      return thread.join(LIMIT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Test
  void anyOtherResultIsTheTrys() throws Throwable {
    AssertionError failure = new AssertionError("wrong");

    assertThat(TryBounds.run(TryExecutionResult::satisfied, LIMIT, BOUND).isSatisfied()).isTrue();
    assertThat(TryBounds.run(TryExecutionResult::invalid, LIMIT, BOUND).isInvalid()).isTrue();
    assertThat(TryBounds.run(() -> TryExecutionResult.falsified(failure), LIMIT, BOUND).throwable())
        .contains(failure);
    assertThatThrownBy(() ->
            TryBounds.run(
                () -> {
                  throw new IllegalStateException("thrown");
                },
                LIMIT,
                BOUND))
        .hasMessage("thrown");
  }
}
