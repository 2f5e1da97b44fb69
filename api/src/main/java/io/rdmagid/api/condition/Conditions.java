package io.rdmagid.api.condition;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The next value of a condition, after the rule of Kubernetes that only a change of status is a
 * transition; and words for its message.
 */
public final class Conditions {
  /** How many ports, containers or nodes one message names. */
  private static final int MOST_NAMED = 10;

  private Conditions() {}

  /** For a message: the first few of these, and how many there are beyond them. */
  public static String list(Collection<String> names) {
    String first = names.stream().limit(MOST_NAMED).collect(Collectors.joining(", "));
    return names.size() <= MOST_NAMED
        ? first
        : first + " and " + (names.size() - MOST_NAMED) + " more";
  }

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
