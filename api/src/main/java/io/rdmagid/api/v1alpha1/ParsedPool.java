package io.rdmagid.api.v1alpha1;

import io.rdmagid.pool.EffectiveRule;
import io.rdmagid.pool.FailoverPolicy;
import io.rdmagid.pool.Pool;
import java.util.List;
import java.util.Optional;

/** What {@link PoolParser} makes of an {@link RdmaGidPool}. */
public sealed interface ParsedPool {
  /**
   * All of the object's spec is understood.
   *
   * @param effective the rule in its status; empty where there is none, or not all of it is there
   *     and understood. It may be for an older spec: see {@link EffectiveRule#isFor}
   * @param failover what becomes of pods whose GID changes
   */
  record Valid(Pool pool, Optional<EffectiveRule> effective, FailoverPolicy failover)
      implements ParsedPool {}

  /**
   * Something of the object's spec is missing, contradictory, or of a version this one does not
   * know.
   *
   * @param problems all of them, at least one
   */
  record Invalid(List<Parsed.Problem> problems) implements ParsedPool {
    public Invalid {
      problems = List.copyOf(problems);
    }
  }
}
