package io.rdmagid.e2e.bench;

import io.rdmagid.e2e.testbed.TestbedException;
import java.time.Duration;

/** Time that passes as part of what is measured; nothing is waited for by it. */
final class Pause {
  private Pause() {}

  /**
   * Returns when it has passed.
   *
   * @throws TestbedException if the thread is interrupted meanwhile
   */
  static void of(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TestbedException("interrupted", e);
    }
  }
}
