package io.rdmagid.operator;

import io.micrometer.core.instrument.MeterRegistry;
import io.rdmagid.management.Check;
import io.rdmagid.management.CheckResult;
import io.rdmagid.operator.admission.AdmissionServer;
import io.rdmagid.operator.fact.ClusterFacts;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The webhook's server, where it is wanted. Every operator has one, whichever leads. */
record Admission(Optional<AdmissionServer> server) implements AutoCloseable {
  /**
   * Serves until closed.
   *
   * @param informers whether all that the facts are made from is read, and heard of
   * @throws IOException if the address cannot be bound
   */
  static Admission start(
      Optional<OperatorConfig.Webhook> webhook,
      ClusterFacts facts,
      Supplier<CheckResult> informers,
      MeterRegistry registry)
      throws IOException {
    if (webhook.isEmpty()) {
      return new Admission(Optional.empty());
    }
    return new Admission(
        Optional.of(
            AdmissionServer.start(
                webhook.get().address(),
                webhook.get().certificate(),
                facts,
                () -> informers.get() instanceof CheckResult.Passing,
                Clock.systemUTC(),
                registry)));
  }

  /** What must hold for this process to be ready. */
  List<Check> checks(Check other) {
    return Stream.concat(Stream.of(other), server.map(AdmissionServer::check).stream()).toList();
  }

  @Override
  public void close() {
    server.ifPresent(AdmissionServer::close);
  }
}
