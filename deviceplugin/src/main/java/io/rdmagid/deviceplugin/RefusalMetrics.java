package io.rdmagid.deviceplugin;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.rdmagid.deviceplugin.workload.Obstacle;
import io.rdmagid.deviceplugin.workload.Refusals;

/** Counts the containers that were refused, whoever asked. Safe for use by any thread. */
record RefusalMetrics(MeterRegistry registry) implements Refusals {
  @Override
  public void refused(Obstacle why) {
    Counter.builder("rdmagid.containers.refused")
        .description("Containers that were not made, for want of an index or of what it takes")
        .tag("reason", why.text())
        .register(registry)
        .increment();
  }
}
