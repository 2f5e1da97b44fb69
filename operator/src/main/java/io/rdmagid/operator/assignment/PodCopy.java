package io.rdmagid.operator.assignment;

import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.rdmagid.api.naming.PodMetadata;
import io.rdmagid.assignment.AssignedPort;
import io.rdmagid.operator.assignment.PodApi.PodRef;
import io.rdmagid.operator.assignment.PodApi.PodState;
import io.rdmagid.operator.assignment.PodApi.Written;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a pod's annotation, condition and Events up to date, writing only what differs. Events
 * come first: what was told is recognised by its name, what was annotated before it was told is
 * not.
 */
final class PodCopy {
  private static final Logger LOG = LoggerFactory.getLogger(PodCopy.class);

  private final PodApi api;
  private final StandingDifferences standing;
  private final UnaryOperator<String> resourceName;
  private final Clock clock;

  /**
   * Nothing is written yet.
   *
   * @param resourceName of a pool, by the pool's name
   */
  PodCopy(
      PodApi api, StandingDifferences standing, UnaryOperator<String> resourceName, Clock clock) {
    this.api = api;
    this.standing = standing;
    this.resourceName = resourceName;
    this.clock = clock;
  }

  /**
   * Shows {@code ports} on the pod, if it is still there.
   *
   * @param check of these against what RdmaGids show, with differences of however short a time
   * @return when to call again even if nothing happens until then
   */
  Optional<Duration> show(PodRef pod, List<AssignedPort> ports, Difference.Check check) {
    Optional<PodState> state = living(pod);
    if (state.isEmpty()) {
      standing.forget(pod.uid());
      return Optional.empty();
    }
    for (PodEvent event : events(pod, state.get().annotation(), ports)) {
      LOG.atInfo()
          .addKeyValue("pod", pod.namespace() + "/" + pod.name())
          .addKeyValue("reason", event.reason().text())
          .addKeyValue("message", event.message())
          .log("assignment changed");
      api.tell(pod, event);
    }
    StandingDifferences.Look look = look(pod, ports, check, state.get().condition());
    write(
        pod,
        state.get(),
        AssignmentAnnotation.encode(ports),
        GidAssigned.of(ports, look.standing(), state.get().ended())
            .noting(DoubledIds.of(ports, state.get().asked(), resourceName)));
    return look.again();
  }

  private StandingDifferences.Look look(
      PodRef pod, List<AssignedPort> ports, Difference.Check check, @Nullable PodCondition shown) {
    if (shown == null || !GidAssigned.DISAGREES.equals(shown.getReason())) {
      return standing.look(pod.uid(), check.differences(), false);
    }
    // What is shown stands while nobody can tell.
    boolean unknown = check.differences().isEmpty() && !check.whole();
    return standing.look(
        pod.uid(),
        unknown
            ? List.of(new Difference(ports.getFirst(), shown.getMessage()))
            : check.differences(),
        true);
  }

  /** Says that nobody can tell what the pod holds: nothing rather than something wrong. */
  void showNotUnderstood(PodRef pod, String problems) {
    standing.forget(pod.uid());
    living(pod).ifPresent(state -> write(pod, state, null, GidAssigned.notUnderstood(problems)));
  }

  private Optional<PodState> living(PodRef pod) {
    return api.get(pod.namespace(), pod.name())
        .filter(state -> state.uid().equals(pod.uid()) && !state.terminating());
  }

  private static List<PodEvent> events(
      PodRef pod, @Nullable String annotation, List<AssignedPort> ports) {
    if (annotation == null) {
      return AssignmentChange.between(List.of(), 0, ports);
    }
    return switch (AssignmentAnnotation.decode(annotation)) {
      case AssignmentAnnotation.Decoded.Read(List<AssignedPort> shown, int more) ->
          AssignmentChange.between(shown, more, ports);
      case AssignmentAnnotation.Decoded.Unreadable(String reason) -> {
        LOG.atWarn()
            .addKeyValue("pod", pod.namespace() + "/" + pod.name())
            .addKeyValue("reason", reason)
            .log("annotation replaced that was not understood");
        yield AssignmentChange.between(List.of(), 0, ports);
      }
    };
  }

  private void write(
      PodRef pod, PodState state, @Nullable String annotation, GidAssigned assigned) {
    if (!Objects.equals(annotation, state.annotation())
        && api.annotate(pod, annotation) == Written.GONE) {
      return;
    }
    PodCondition condition = condition(assigned, state.condition());
    if (!isShown(condition, state.condition())) {
      Written _ = api.setCondition(pod, condition);
    }
  }

  private PodCondition condition(GidAssigned assigned, @Nullable PodCondition before) {
    String since =
        before != null && assigned.status().text().equals(before.getStatus())
            ? before.getLastTransitionTime()
            : Instant.now(clock).truncatedTo(ChronoUnit.SECONDS).toString();
    return new PodConditionBuilder()
        .withType(PodMetadata.GID_ASSIGNED_CONDITION)
        .withStatus(assigned.status().text())
        .withReason(assigned.reason())
        .withMessage(assigned.message())
        .withLastTransitionTime(since)
        .build();
  }

  private static boolean isShown(PodCondition condition, @Nullable PodCondition before) {
    return before != null
        && Objects.equals(condition.getStatus(), before.getStatus())
        && Objects.equals(condition.getReason(), before.getReason())
        && Objects.equals(condition.getMessage(), before.getMessage());
  }
}
