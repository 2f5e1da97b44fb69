package io.rdmagid.deviceplugin.workload;

import io.rdmagid.library.LibrarySetup;
import io.rdmagid.pool.EffectiveRule;
import io.rdmagid.pool.Pool;
import java.util.Optional;

/**
 * A pool and the rule that the operator published for it.
 *
 * @param pool of a spec that is not understood what it was before
 * @param effective empty where there is none yet, or none that is understood
 * @param former where {@code effective} is empty, the last rule that was there
 * @param understood whether the spec is: else the pool is there for the pods that hold its ports
 *     only, and has no port
 */
public record PoolState(
    Pool pool,
    Optional<EffectiveRule> effective,
    Optional<EffectiveRule> former,
    boolean understood) {
  /** A pool whose spec is understood, and that had no rule before this one. */
  public PoolState(Pool pool, Optional<EffectiveRule> effective) {
    this(pool, effective, Optional.empty(), true);
  }

  /**
   * What this is where it was there before, and is not, or not as a whole, understood now: nothing
   * is offered by a former rule, but containers of pods that hold ports may restart.
   *
   * @param now empty where the spec is not understood
   */
  public PoolState goingOn(Optional<PoolState> now) {
    return now.map(state -> new PoolState(state.pool, state.effective, lastRule(), true))
        .orElseGet(() -> new PoolState(pool, Optional.empty(), lastRule(), false));
  }

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
    return lastRule().map(rule -> new PoolTerms(rule, setup()));
  }

  private Optional<EffectiveRule> lastRule() {
    return effective.or(() -> former);
  }
}
