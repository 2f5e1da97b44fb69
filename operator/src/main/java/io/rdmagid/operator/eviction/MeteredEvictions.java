package io.rdmagid.operator.eviction;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.rdmagid.operator.failover.Notice;
import io.rdmagid.operator.failover.PodRef;

/** Counts what becomes of evictions. */
final class MeteredEvictions implements EvictionApi {
  private final EvictionApi api;
  private final Counter evicted;
  private final Counter gone;
  private final Counter refused;

  MeteredEvictions(EvictionApi api, MeterRegistry registry) {
    this.api = api;
    this.evicted = counter(registry, "evicted");
    this.gone = counter(registry, "gone");
    this.refused = counter(registry, "refused");
  }

  private static Counter counter(MeterRegistry registry, String outcome) {
    return Counter.builder("rdmagid.evictions")
        .description("Evictions that were asked for, dry runs left out")
        .tag("outcome", outcome)
        .register(registry);
  }

  @Override
  public Outcome evict(PodRef pod, boolean dryRun) {
    Outcome outcome = api.evict(pod, dryRun);
    if (!dryRun) {
      switch (outcome) {
        case Outcome.Evicted _ -> evicted.increment();
        case Outcome.Gone _ -> gone.increment();
        case Outcome.Leaving _ -> {
          // Nothing was asked for.
        }
        case Outcome.Refused _ -> refused.increment();
      }
    }
    return outcome;
  }

  @Override
  public void tell(Notice notice) {
    api.tell(notice);
  }
}
