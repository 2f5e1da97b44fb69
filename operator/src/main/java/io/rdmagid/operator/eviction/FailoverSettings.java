package io.rdmagid.operator.eviction;

import io.rdmagid.operator.failover.Budget;

/**
 * What the installation says of failover.
 *
 * @param breakerShare of the ports that pods hold that may be broken at once, 0 to 1
 * @param poolBudget of each pool
 * @param clusterBudget of all pools together
 */
public record FailoverSettings(double breakerShare, Budget poolBudget, Budget clusterBudget) {
  public FailoverSettings {
    if (!(breakerShare >= 0 && breakerShare <= 1)) {
      throw new IllegalArgumentException("no share: " + breakerShare);
    }
  }
}
