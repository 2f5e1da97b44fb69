package io.rdmagid.deviceplugin.cluster;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/** What publishing counts. Safe for use by any thread. */
public final class PublishMetrics {
  private final Timer written;
  private final Counter nodeWritten;
  private final Counter failures;

  /** Registers the meters. */
  public PublishMetrics(MeterRegistry registry) {
    written =
        Timer.builder("rdmagid.publish")
            .description("From the kernel's event to the accepted write of an RdmaGid")
            .register(registry);
    nodeWritten =
        Counter.builder("rdmagid.node.writes")
            .description("Writes of the Node's annotation")
            .register(registry);
    failures =
        Counter.builder("rdmagid.publish.failures")
            .description("Requests that failed")
            .register(registry);
  }

  void written(Duration took) {
    written.record(took);
  }

  void nodeWritten() {
    nodeWritten.increment();
  }

  void failed() {
    failures.increment();
  }
}
