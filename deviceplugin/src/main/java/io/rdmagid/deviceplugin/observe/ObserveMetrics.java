package io.rdmagid.deviceplugin.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.rdmagid.deviceplugin.inventory.ReadBy;
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

  /** The GID tables of a device were read. */
  void tableRead(String device, ReadBy readBy) {
    counter("rdmagid.table.reads", "Readings of all GID tables of a device", device)
        .tag("method", readBy.text())
        .register(registry)
        .increment();
  }

  /** A call on a device was refused. */
  void refused(String device) {
    counter("rdmagid.device.refusals", "Calls on a device that the system refused", device)
        .register(registry)
        .increment();
  }

  /** How many devices are held now. */
  void held(int count) {
    devices.set(count);
  }

  private static Counter.Builder counter(String name, String description, String device) {
    return Counter.builder(name).description(description).tag("device", device);
  }
}
