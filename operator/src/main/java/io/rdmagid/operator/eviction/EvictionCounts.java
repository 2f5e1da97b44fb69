package io.rdmagid.operator.eviction;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * Counts the answers to evictions. A pod that is found gone or evicted already is asked for no more
 * and counts for nothing: so who does again what was not written down counts it once. Safe for use
 * by any thread.
 */
final class EvictionCounts {
  private final Counter evicted;
  private final Counter gone;
  private final Counter refused;

  EvictionCounts(MeterRegistry registry) {
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

  /** An answer to a request that was no dry run. */
  void add(EvictionApi.Outcome answer) {
    switch (answer) {
      case EvictionApi.Outcome.Evicted _ -> evicted.increment();
      case EvictionApi.Outcome.Gone _ -> gone.increment();
      case EvictionApi.Outcome.Leaving _ -> {
        // No answer says so.
      }
      case EvictionApi.Outcome.Refused _ -> refused.increment();
    }
  }
}
