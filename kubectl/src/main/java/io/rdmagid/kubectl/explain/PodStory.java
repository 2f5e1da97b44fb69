package io.rdmagid.kubectl.explain;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.rdmagid.api.naming.PodMetadata;
import io.rdmagid.kubectl.check.Finding;
import io.rdmagid.kubectl.check.PodChecks;
import io.rdmagid.kubectl.snapshot.PodAssignment;
import io.rdmagid.kubectl.snapshot.Snapshot;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All that the cluster knows about what a pod holds.
 *
 * @param conditions those of the pod and of its RdmaGidAssignment that are rdmagid's
 * @param events what happened, the oldest first
 */
public record PodStory(
    PodAssignment pod,
    List<PortStory> ports,
    List<Said> conditions,
    List<Happened> events,
    List<Finding> findings) {
  /** Who tells Events of pods. */
  private static final String OURS = "rdmagid.io/";

  public PodStory {
    ports = List.copyOf(ports);
    conditions = List.copyOf(conditions);
    events = List.copyOf(events);
    findings = List.copyOf(findings);
  }

  /** A condition; texts are empty where it does not have them. */
  public record Said(String type, String status, String reason, String message, String since) {}

  /** An Event; texts are empty where it does not have them. */
  public record Happened(String time, String reason, String note) {}

  /** The story. Never throws. */
  public static PodStory of(
      Snapshot snapshot, PodAssignment assignment, Optional<Pod> pod, Collection<Event> events) {
    return new PodStory(
        assignment,
        assignment.assignment().ports().stream()
            .map(port -> PortStory.of(snapshot, assignment, port))
            .toList(),
        conditions(assignment, pod),
        events.stream()
            .filter(event -> text(event.getReportingController()).startsWith(OURS))
            .filter(event ->
                event.getRegarding() != null
                    && assignment.assignment().podUid().equals(text(event.getRegarding().getUid())))
            .map(event -> new Happened(time(event), text(event.getReason()), text(event.getNote())))
            .sorted(Comparator.comparing(Happened::time))
            .toList(),
        PodChecks.of(snapshot, assignment));
  }

  private static List<Said> conditions(PodAssignment assignment, Optional<Pod> pod) {
    List<Said> conditions = new ArrayList<>();
    pod.filter(found -> found.getStatus() != null)
        .ifPresent(found ->
            found.getStatus().getConditions().stream()
                .filter(condition -> PodMetadata.GID_ASSIGNED_CONDITION.equals(condition.getType()))
                .map(condition ->
                    new Said(
                        text(condition.getType()),
                        text(condition.getStatus()),
                        text(condition.getReason()),
                        text(condition.getMessage()),
                        text(condition.getLastTransitionTime())))
                .forEach(conditions::add));
    for (Condition condition : assignment.conditions()) {
      conditions.add(
          new Said(
              text(condition.getType()),
              text(condition.getStatus()),
              text(condition.getReason()),
              text(condition.getMessage()),
              text(condition.getLastTransitionTime())));
    }
    return conditions;
  }

  private static String time(Event event) {
    if (event.getEventTime() != null && event.getEventTime().getTime() != null) {
      return event.getEventTime().getTime();
    }
    return event.getMetadata() == null ? "" : text(event.getMetadata().getCreationTimestamp());
  }

  private static String text(@Nullable String text) {
    return Objects.requireNonNullElse(text, "");
  }
}
