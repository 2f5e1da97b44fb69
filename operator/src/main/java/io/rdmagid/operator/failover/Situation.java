package io.rdmagid.operator.failover;

import io.rdmagid.pool.FailoverPolicy;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is decided on, for one pool.
 *
 * @param pool its name
 * @param pods all of the cluster that have an assignment
 * @param reporting the names of the nodes whose agent is believed
 * @param breakerOpen whether too much is broken at once
 * @param budget of the pool
 * @param pauses of groups, by uid
 * @param progress as it is written down
 */
public record Situation(
    String pool,
    FailoverPolicy policy,
    List<HeldPod> pods,
    Set<String> reporting,
    boolean breakerOpen,
    Budget budget,
    Map<String, Pause> pauses,
    Progress progress) {
  /**
   * When to try again what was refused. Not written down: an operator that starts anew tries at
   * once.
   *
   * @param reason a word for people and programs
   */
  public record Pause(Instant until, String reason) {}

  public Situation {
    pods = List.copyOf(pods);
    reporting = Set.copyOf(reporting);
    pauses = Map.copyOf(pauses);
  }

  boolean isReporting(HeldPod pod) {
    return reporting.contains(pod.node());
  }

  /** Whether the pod is broken, for all that one can believe. */
  boolean isBroken(HeldPod pod) {
    return isReporting(pod) && pod.isBroken(pool);
  }
}
