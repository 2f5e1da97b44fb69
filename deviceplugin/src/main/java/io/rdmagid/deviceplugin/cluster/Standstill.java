package io.rdmagid.deviceplugin.cluster;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * For how long a thread has asked the API server in vain. That thread tells; {@link #isLong} may be
 * called by any. Who has nothing to say is told nothing new by silence, and does not stand still.
 */
final class Standstill {
  /** As long as one request may take; the kubelet's probes and the operator add their own. */
  static final Duration PATIENCE = Duration.ofSeconds(30);

  private final LongSupplier nanoTime;
  private volatile OptionalLong since = OptionalLong.empty();

  /**
   * Of a thread that has not asked yet.
   *
   * @param nanoTime usually {@code System.nanoTime}
   */
  Standstill(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** The thread asks, perhaps again. */
  void asks() {
    if (since.isEmpty()) {
      since = OptionalLong.of(nanoTime.getAsLong());
    }
  }

  /** The server did what it was asked, or refused it for what it is. */
  void answered() {
    since = OptionalLong.empty();
  }

  /** Whether the server has not answered for {@link #PATIENCE}. */
  boolean isLong() {
    OptionalLong start = since;
    return start.isPresent() && nanoTime.getAsLong() - start.getAsLong() > PATIENCE.toNanos();
  }
}
