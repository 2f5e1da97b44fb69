package io.rdmagid.e2e.testbed;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what announces itself by nothing: looks again and again, up to a limit. */
public final class Poll {
  private static final Duration PAUSE = Duration.ofMillis(100);

  private Poll() {}

  public static boolean holds(Duration limit, BooleanSupplier condition) {
    long end = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        return false;
      }
      try {
        Thread.sleep(PAUSE);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new TestbedException("interrupted while waiting", e);
      }
    }
    return true;
  }

  /** Waits until the condition holds; else an exception that ends in the hint. */
  public static void until(
      String what, Duration limit, BooleanSupplier condition, Supplier<String> hint) {
    if (!holds(limit, condition)) {
      throw new TestbedException(
          "%s: not after %d s; %s".formatted(what, limit.toSeconds(), hint.get()));
    }
  }
}
