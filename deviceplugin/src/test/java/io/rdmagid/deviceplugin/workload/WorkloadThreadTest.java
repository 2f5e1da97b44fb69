package io.rdmagid.deviceplugin.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class WorkloadThreadTest {
  private final WorkloadThread thread = new WorkloadThread();

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

  /** What it left half done nobody knows; liveness ends the agent. */
  @Test
  void anErrorInAStepEndsTheThread() {
    AtomicBoolean ran = new AtomicBoolean();
    thread.run(() -> {
      throw new AssertionError("of the test");
    });

    assertThatThrownBy(
            () -> {
              String _ = thread.ask(() -> "an answer");
              // The question may have come in before the step failed.
              String _ = thread.ask(() -> "another");
            })
        .isInstanceOf(IllegalStateException.class);
    assertThat(thread.isAlive()).isFalse();
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
}
