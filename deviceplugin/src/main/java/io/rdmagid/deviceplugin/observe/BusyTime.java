package io.rdmagid.deviceplugin.observe;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * For how long a thread has been at work without a rest. It alone calls {@link #begin} and {@link
 * #end}; any thread asks.
 */
final class BusyTime {
  private final LongSupplier nanoTime;
  private volatile @Nullable Long since;

  BusyTime(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  void begin() {
    since = nanoTime.getAsLong();
  }

  void end() {
    since = null;
  }

  /** Zero while it rests. */
  Duration soFar() {
    Long start = since;
    return start == null ? Duration.ZERO : Duration.ofNanos(nanoTime.getAsLong() - start);
  }
}
