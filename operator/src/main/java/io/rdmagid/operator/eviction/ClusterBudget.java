package io.rdmagid.operator.eviction;

import java.time.Instant;
import java.util.Optional;

/** What all pools together may start: kept in the cluster, so that it outlives the operator. */
@FunctionalInterface
interface ClusterBudget {
  /**
   * Counts one eviction.
   *
   * @param key the same again in the same window is not counted again
   * @return until when nothing may be started, and then nothing was counted; empty where it was
   */
  Optional<Instant> charge(String key, Instant now);
}
