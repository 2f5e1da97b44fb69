package io.rdmagid.pool;

import io.rdmagid.gid.GidRule;
import io.rdmagid.gid.GidScope;

/**
 * The rule that a pool's new containers choose by, as the operator published it.
 *
 * @param scope whose entries count
 * @param required whether a container without an entry that will do fails to be created
 * @param generation of the pool's spec that the rule was made for
 * @param revision counts the rules that the pool has had, from 1
 */
public record EffectiveRule(
    GidRule rule, GidScope scope, boolean required, long generation, long revision) {
  /** Whether the rule was made for the spec that {@code pool} has now. */
  public boolean isFor(Pool pool) {
    return generation == pool.generation();
  }
}
