package io.rdmagid.deviceplugin.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;

/** What the observing thread counts. Safe for use by any thread. */
public final class ObserveMetrics {
  private final MeterRegistry registry;
  private final AtomicInteger devices = new AtomicInteger();

  /** Registers the meters. */
  public ObserveMetrics(MeterRegistry registry) {
    this.registry = registry;
    registry.gauge("rdmagid.devices", devices);
  }

  /** A GID table was read by one system call. */
  void tableRead(String device) {
    counter("rdmagid.table.reads", "GID tables read, each by one system call", device).increment();
  }

  /** A call on a device was refused. */
  void refused(String device) {
    counter("rdmagid.device.refusals", "Calls on a device that the system refused", device)
        .increment();
  }

  /** How many devices are held now. */
  void held(int count) {
    devices.set(count);
  }

  private Counter counter(String name, String description, String device) {
    return Counter.builder(name).description(description).tag("device", device).register(registry);
  }
}
