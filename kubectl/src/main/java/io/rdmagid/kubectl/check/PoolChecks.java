package io.rdmagid.kubectl.check;

import io.fabric8.kubernetes.api.model.Condition;
import io.rdmagid.api.condition.Conditions;
import io.rdmagid.api.v1alpha1.PoolFailoverGroup;
import io.rdmagid.api.v1alpha1.RdmaGidPoolStatus;
import io.rdmagid.kubectl.snapshot.KnownPool;
import io.rdmagid.kubectl.snapshot.Snapshot;
import java.util.ArrayList;
import java.util.List;

/** What the operator says of pools. */
final class PoolChecks {
  private PoolChecks() {}

  static List<Finding> of(Snapshot snapshot) {
    List<Finding> findings = new ArrayList<>();
    snapshot.pools().forEach(pool -> findings.addAll(of(pool)));
    return findings;
  }

  private static List<Finding> of(KnownPool pool) {
    List<Finding> findings = new ArrayList<>();
    pool.condition(RdmaGidPoolStatus.ACCEPTED, "False")
        .ifPresent(condition -> findings.add(of(Kind.POOL_NOT_ACCEPTED, pool, condition)));
    pool.condition(RdmaGidPoolStatus.CONFLICT, "True")
        .ifPresent(condition -> findings.add(of(Kind.POOL_CONFLICT, pool, condition)));
    pool.condition(RdmaGidPoolStatus.DEGRADED, "True")
        .ifPresent(condition -> findings.add(of(Kind.POOL_DEGRADED, pool, condition)));
    pool.condition(RdmaGidPoolStatus.BREAKER_OPEN, "True")
        .ifPresent(condition -> findings.add(of(Kind.POOL_BREAKER_OPEN, pool, condition)));
    if (pool.status().conditions().isEmpty()) {
      findings.add(
          new Finding.OfPool(
              Kind.POOL_NOT_ACCEPTED, pool.pool().name(), "no operator has looked at it"));
    }
    if (pool.status().failover() != null) {
      pool.status().failover().groups().stream()
          .filter(PoolChecks::isHeldUp)
          .map(group -> new Finding.OfPool(Kind.EVICTION_HELD_UP, pool.pool().name(), text(group)))
          .forEach(findings::add);
    }
    return findings;
  }

  /** One that is given up is so for a moment, and nothing waits for it. */
  private static boolean isHeldUp(PoolFailoverGroup group) {
    return group.reason() != null
        && !group.reason().isEmpty()
        && !PoolFailoverGroup.GIVEN_UP.contains(group.reason());
  }

  /** Of a group that was started those pods that are left. */
  private static String text(PoolFailoverGroup group) {
    List<String> pods =
        group.pods().stream()
            .filter(pod -> !Boolean.TRUE.equals(pod.evicted()))
            .map(pod -> pod.namespace() + "/" + pod.name())
            .toList();
    return group.reason()
        + (pods.isEmpty() ? "" : ": " + Conditions.list(pods))
        + (group.since() == null ? "" : ", broken since " + group.since());
  }

  private static Finding of(Kind kind, KnownPool pool, Condition condition) {
    return new Finding.OfPool(kind, pool.pool().name(), Checks.text(condition));
  }
}
