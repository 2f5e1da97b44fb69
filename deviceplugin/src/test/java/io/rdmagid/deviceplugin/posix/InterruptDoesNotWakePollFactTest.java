package io.rdmagid.deviceplugin.posix;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Why the observing thread is ended by an eventfd: {@code Thread.interrupt} leaves poll alone. */
class InterruptDoesNotWakePollFactTest {
  private static final int MILLIS = 50;

  @Test
  void anInterruptedThreadPollsToTheEnd() {
    try (FileDescriptors descriptors = new FileDescriptors()) {
      Thread.currentThread().interrupt();
      long start = System.nanoTime();

      List<Integer> ready = descriptors.poll(List.of(), MILLIS);

      assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(MILLIS * 1_000_000L);
      assertThat(ready).isEmpty();
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }
}
