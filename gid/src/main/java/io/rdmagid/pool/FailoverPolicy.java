package io.rdmagid.pool;

import java.time.Duration;

/**
 * What a pool says of its pods whose GID changed.
 *
 * @param gracePeriod how long a pod has to be broken before it is evicted; not negative
 * @param dryRun whether evictions are told only
 */
public record FailoverPolicy(GidChangeAction onGidChange, Duration gracePeriod, boolean dryRun) {
  /** Of a pool that says nothing. */
  public static final FailoverPolicy NONE =
      new FailoverPolicy(GidChangeAction.REFRESH, Duration.ofMinutes(1), false);

  public FailoverPolicy {
    if (gracePeriod.isNegative()) {
      throw new IllegalArgumentException("a grace period is not negative: " + gracePeriod);
    }
  }

  /** Whether pods can be evicted for it, or would be but for {@link #dryRun}. */
  public boolean acts() {
    return onGidChange != GidChangeAction.REFRESH;
  }
}
