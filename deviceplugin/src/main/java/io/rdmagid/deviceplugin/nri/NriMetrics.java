package io.rdmagid.deviceplugin.nri;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** What the runtime's edge counts. Safe for use by any thread. */
public final class NriMetrics {
  private final MeterRegistry registry;
  private final AtomicInteger connected = new AtomicInteger();

  /** Registers the meters. */
  public NriMetrics(MeterRegistry registry) {
    this.registry = registry;
    registry.gauge("rdmagid.nri.connected", connected);
  }

  void state(NriState state) {
    connected.set(state == NriState.SYNCHRONIZED ? 1 : 0);
  }

  /** A call of the runtime was answered. */
  void called(PluginMethod method, Duration took) {
    Timer.builder("rdmagid.nri.calls")
        .description("Calls of the container runtime, from read to answered")
        .tag("method", method.wireName())
        .register(registry)
        .record(took);
  }
}
