package io.rdmagid.api.condition;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The next value of a condition, after the rule of Kubernetes that only a change of status is a
 * transition.
 */
public final class Conditions {
  private Conditions() {}

  /**
   * The condition to write.
   *
   * @param previous the object's conditions so far
   * @param type the condition's type
   * @param status its status now
   * @param reason one word in CamelCase, for programs
   * @param message for people
   * @param observedGeneration the generation of the spec that this was found for; null where there
   *     is none
   * @param clock tells the transition time, to the second, unless the condition had this status
   *     before
   */
  public static Condition next(
      List<Condition> previous,
      String type,
      ConditionStatus status,
      String reason,
      String message,
      @Nullable Long observedGeneration,
      Clock clock) {
    String since =
        find(previous, type)
            .filter(condition -> status.text().equals(condition.getStatus()))
            .map(Condition::getLastTransitionTime)
            .orElseGet(() -> Instant.now(clock).truncatedTo(ChronoUnit.SECONDS).toString());
    ConditionBuilder condition =
        new ConditionBuilder()
            .withType(type)
            .withStatus(status.text())
            .withReason(reason)
            .withMessage(message)
            .withLastTransitionTime(since);
    return (observedGeneration == null
            ? condition
            : condition.withObservedGeneration(observedGeneration))
        .build();
  }

  /** The condition of that type. */
  public static Optional<Condition> find(List<Condition> conditions, String type) {
    return conditions.stream().filter(condition -> type.equals(condition.getType())).findFirst();
  }
}
