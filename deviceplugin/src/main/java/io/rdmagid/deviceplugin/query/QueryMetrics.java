package io.rdmagid.deviceplugin.query;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;

/** What the query service counts. Safe for use by any thread. */
final class QueryMetrics {
  private final AtomicInteger watches = new AtomicInteger();
  private final Counter lost;

  QueryMetrics(MeterRegistry registry) {
    registry.gauge("rdmagid.query.watches", watches);
    lost =
        Counter.builder("rdmagid.query.lost")
            .description("Readings that clients who watch too slowly were not told of")
            .register(registry);
  }

  /** How many clients watch now. */
  void watches(int count) {
    watches.set(count);
  }

  /** A client has missed so many readings. */
  void lost(long readings) {
    lost.increment((double) readings);
  }
}
