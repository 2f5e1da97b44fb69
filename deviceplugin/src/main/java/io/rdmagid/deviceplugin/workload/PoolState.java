package io.rdmagid.deviceplugin.workload;

import io.rdmagid.library.LibrarySetup;
import io.rdmagid.pool.EffectiveRule;
import io.rdmagid.pool.Pool;
import java.util.Optional;

/**
 * A pool and the rule that the operator published for it.
 *
 * @param effective empty where there is none yet
 */
public record PoolState(Pool pool, Optional<EffectiveRule> effective) {
  /** The rule, if it was made for the spec that the pool has now: else the pool is not offered. */
  Optional<EffectiveRule> rule() {
    return effective.filter(rule -> rule.isFor(pool));
  }

  /** What the libraries of its containers are told. */
  LibrarySetup setup() {
    return new LibrarySetup(pool.libraries(), pool.trafficClass());
  }

  /** What it says of a container that is made now, by whatever rule there is. */
  Optional<PoolTerms> terms() {
    return effective.map(rule -> new PoolTerms(rule, setup()));
  }
}
