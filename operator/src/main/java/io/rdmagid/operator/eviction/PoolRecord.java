package io.rdmagid.operator.eviction;

import io.rdmagid.operator.failover.Progress;

/** Where the progress of one pool is written down. */
interface PoolRecord {
  /** What is written down, as far as is known here. */
  Progress progress();

  /**
   * Writes it down, if what is there is what {@link #progress} says.
   *
   * @return whether it was; where not, somebody else wrote, and all has to be decided anew
   */
  boolean write(Progress next);

  /** Whether a write would be made now: nobody else has written since this was read. */
  boolean stands();
}
