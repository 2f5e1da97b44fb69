package io.rdmagid.deviceplugin.pace;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * For how long a thread has been at work without a rest. It alone calls {@link #begin} and {@link
 * #end}; any thread asks.
 */
public final class BusyTime {
  private final LongSupplier nanoTime;
  private volatile @Nullable Long since;

  /**
   * At rest.
   *
   * @param nanoTime may be called by any thread
   */
  public BusyTime(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** At work from now on, also where it was before. */
  public void begin() {
    since = nanoTime.getAsLong();
  }

  /** At rest from now on. */
  public void end() {
    since = null;
  }

  /** Zero while it rests. */
  public Duration soFar() {
    Long start = since;
    return start == null ? Duration.ZERO : Duration.ofNanos(nanoTime.getAsLong() - start);
  }
}
