package io.rdmagid.deviceplugin.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class WorkloadThreadTest {
  private final AtomicLong now = new AtomicLong();
  private final WorkloadThread thread = new WorkloadThread(now::get);

  @AfterEach
  void end() {
    thread.close();
  }

  @Test
  void aStepThatThrowsEndsNothing() throws InterruptedException {
    thread.run(() -> {
      throw new IllegalStateException("of the test");
    });

    assertThat(thread.ask(() -> "an answer")).isEqualTo("an answer");
    assertThat(thread.isAlive()).isTrue();
  }

  /** All others would rest on what is not there. */
  @Test
  void aFirstStepThatThrowsEndsTheThread() {
    thread.begin(() -> {
      throw new IllegalStateException("of the test");
    });

    assertThatItEnds();
  }

  @Test
  void itIsBusyWhileItIsAtAStepThatDoesNotGoOn() throws InterruptedException {
    assertThat(thread.busy()).isZero();
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch over = new CountDownLatch(1);
    thread.run(() -> {
      inside.countDown();
      try {
        over.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    });
    inside.await();
    now.addAndGet(Duration.ofSeconds(301).toNanos());
    assertThat(thread.busy()).isEqualTo(Duration.ofSeconds(301));

    over.countDown();
    assertThat(
            thread.ask(() -> {
              now.addAndGet(Duration.ofSeconds(7).toNanos());
              Duration before = thread.busy();
              thread.goesOn();
              return List.of(before, thread.busy());
            }))
        .containsExactly(Duration.ofSeconds(7), Duration.ZERO);
    now.addAndGet(1);
    Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> thread.busy().isZero());
  }

  /** What it left half done nobody knows; liveness ends the agent. */
  @Test
  void anErrorInAStepEndsTheThread() {
    AtomicBoolean ran = new AtomicBoolean();
    thread.run(() -> {
      throw new AssertionError("of the test");
    });

    assertThatItEnds();
    thread.run(() -> ran.set(true));
    assertThat(ran).isFalse();
  }

  @Test
  void anErrorInAQuestionEndsTheThread() {
    assertThatThrownBy(
            () -> {
              String _ =
                  thread.ask(() -> {
                    throw new AssertionError("of the test");
                  });
            })
        .isInstanceOf(IllegalStateException.class)
        .hasCauseInstanceOf(AssertionError.class);
    assertThat(thread.isAlive()).isFalse();
  }

  private void assertThatItEnds() {
    assertThatThrownBy(
            () -> {
              String _ = thread.ask(() -> "an answer");
              // The question may have come in before the step failed.
              String _ = thread.ask(() -> "another");
            })
        .isInstanceOf(IllegalStateException.class);
    assertThat(thread.isAlive()).isFalse();
  }
}
