package io.rdmagid.deviceplugin;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.rdmagid.deviceplugin.workload.Obstacle;
import org.junit.jupiter.api.Test;

class RefusalMetricsTest {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  @Test
  void refusalsAreCountedByTheirReason() {
    RefusalMetrics metrics = new RefusalMetrics(registry);
    metrics.refused(Obstacle.LATE);
    metrics.refused(Obstacle.NO_ENTRY);
    metrics.refused(Obstacle.LATE);

    assertThat(registry.scrape())
        .contains(
            "rdmagid_containers_refused_total{reason=\"late\"} 2.0",
            "rdmagid_containers_refused_total{reason=\"no-entry\"} 1.0");
  }
}
