package io.rdmagid.kubectl.check;

import io.fabric8.kubernetes.api.model.Condition;
import io.rdmagid.api.v1alpha1.RdmaGidPoolStatus;
import io.rdmagid.kubectl.snapshot.KnownPool;
import io.rdmagid.kubectl.snapshot.Snapshot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/** All that can be wrong. */
public final class Checks {
  private Checks() {}

  /** What is wrong, by kind and subject. */
  public static List<Finding> of(Snapshot snapshot) {
    List<Finding> findings = new ArrayList<>();
    findings.addAll(DuplicateChecks.of(snapshot));
    findings.addAll(GroupChecks.of(snapshot));
    findings.addAll(PortChecks.of(snapshot));
    snapshot.pools().forEach(pool -> findings.addAll(of(pool)));
    findings.addAll(PodChecks.of(snapshot));
    snapshot.unreadable().forEach(object -> findings.add(new Finding.OfObject(object)));
    return findings.stream()
        .sorted(Comparator.comparing(Finding::kind).thenComparing(Finding::subject))
        .toList();
  }

  private static List<Finding> of(KnownPool pool) {
    List<Finding> findings = new ArrayList<>();
    pool.condition(RdmaGidPoolStatus.ACCEPTED, "False")
        .ifPresent(condition -> findings.add(of(Kind.POOL_NOT_ACCEPTED, pool, condition)));
    pool.condition(RdmaGidPoolStatus.CONFLICT, "True")
        .ifPresent(condition -> findings.add(of(Kind.POOL_CONFLICT, pool, condition)));
    pool.condition(RdmaGidPoolStatus.DEGRADED, "True")
        .ifPresent(condition -> findings.add(of(Kind.POOL_DEGRADED, pool, condition)));
    if (pool.status().conditions().isEmpty()) {
      findings.add(
          new Finding.OfPool(
              Kind.POOL_NOT_ACCEPTED, pool.pool().name(), "no operator has looked at it"));
    }
    return findings;
  }

  private static Finding of(Kind kind, KnownPool pool, Condition condition) {
    return new Finding.OfPool(kind, pool.pool().name(), text(condition));
  }

  /** Reason and message of a condition. */
  static String text(Condition condition) {
    String reason = Objects.requireNonNullElse(condition.getReason(), "");
    String message = Objects.requireNonNullElse(condition.getMessage(), "");
    return message.isEmpty() ? reason : reason.isEmpty() ? message : reason + ": " + message;
  }
}
