package io.rdmagid.kubectl.check;

import io.fabric8.kubernetes.api.model.Condition;
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
    findings.addAll(PoolChecks.of(snapshot));
    findings.addAll(PodChecks.of(snapshot));
    snapshot.unreadable().forEach(object -> findings.add(new Finding.OfObject(object)));
    return findings.stream()
        .sorted(Comparator.comparing(Finding::kind).thenComparing(Finding::subject))
        .toList();
  }

  /** Reason and message of a condition. */
  static String text(Condition condition) {
    String reason = Objects.requireNonNullElse(condition.getReason(), "");
    String message = Objects.requireNonNullElse(condition.getMessage(), "");
    return message.isEmpty() ? reason : reason.isEmpty() ? message : reason + ": " + message;
  }
}
