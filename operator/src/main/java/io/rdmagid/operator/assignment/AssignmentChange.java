package io.rdmagid.operator.assignment;

import io.rdmagid.api.event.EventNote;
import io.rdmagid.assignment.AssignedPort;
import io.rdmagid.assignment.AssignmentState;
import io.rdmagid.assignment.GidChoice;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What there is to tell of a pod: the difference between what it shows and what it is to show.
 * Pure, so that an operator that starts anew tells what happened while there was none.
 */
final class AssignmentChange {
  /** A port of a container. */
  private record Slot(String container, String pool, String device, int port) {
    static Slot of(AssignedPort port) {
      return new Slot(port.container(), port.pool(), port.device(), port.port());
    }
  }

  /** The ports of a container that one event is about. */
  private record Topic(PodEvent.Reason reason, String container) {}

  private AssignmentChange() {}

  /**
   * The events, by container and reason.
   *
   * @param shown the ports that the pod shows
   * @param hidden how many it does not show: of a port that is not among {@code shown} nothing can
   *     be told then
   * @param now the ports as they are
   */
  static List<PodEvent> between(List<AssignedPort> shown, int hidden, List<AssignedPort> now) {
    Map<Slot, AssignedPort> before = new HashMap<>();
    shown.forEach(port -> before.put(Slot.of(port), port));
    Map<Topic, List<AssignedPort>> changed = new LinkedHashMap<>();
    for (AssignedPort port : now) {
      AssignedPort previous = before.get(Slot.of(port));
      if (previous != null || hidden == 0) {
        reason(previous, port)
            .ifPresent(reason ->
                changed
                    .computeIfAbsent(new Topic(reason, port.container()), _ -> new ArrayList<>())
                    .add(port));
      }
    }
    return changed.entrySet().stream()
        .map(entry -> event(entry.getKey(), entry.getValue(), before))
        .toList();
  }

  private static Optional<PodEvent.Reason> reason(@Nullable AssignedPort before, AssignedPort now) {
    AssignmentState was = before == null ? AssignmentState.PENDING : before.state();
    return switch (now.state()) {
      case CURRENT ->
          switch (was) {
            case PENDING, RELEASED -> Optional.of(PodEvent.Reason.ASSIGNED);
            case STALE, NONE -> Optional.of(PodEvent.Reason.RECOVERED);
            case CURRENT -> moved(choice(before), choice(now));
          };
      case STALE, NONE ->
          was == AssignmentState.CURRENT ? Optional.of(PodEvent.Reason.LOST) : Optional.empty();
      // The sandbox was made again: what follows is told as assigned.
      case PENDING, RELEASED -> Optional.empty();
    };
  }

  private static Optional<PodEvent.Reason> moved(
      @Nullable GidChoice before, @Nullable GidChoice now) {
    if (before == null || now == null) {
      return Optional.empty();
    }
    if (!before.gid().equals(now.gid())) {
      return Optional.of(PodEvent.Reason.ADDRESS_MOVED);
    }
    return before.index() == now.index() && before.type() == now.type()
        ? Optional.empty()
        : Optional.of(PodEvent.Reason.INDEX_MOVED);
  }

  private static PodEvent event(
      Topic topic, List<AssignedPort> ports, Map<Slot, AssignedPort> before) {
    long generation = ports.stream().mapToLong(AssignedPort::generation).max().orElseThrow();
    List<String> parts = ports.stream().map(port -> text(before.get(Slot.of(port)), port)).toList();
    return new PodEvent(
        topic.reason(), topic.container(), generation, message(topic.container(), parts));
  }

  /** As many parts as fit. */
  private static String message(String container, List<String> parts) {
    StringBuilder message = new StringBuilder("container ").append(container).append(": ");
    for (int i = 0; i < parts.size(); i++) {
      String next = (i == 0 ? "" : "; ") + parts.get(i);
      String rest = " and " + (parts.size() - i) + " more";
      int length = (message + next + rest).getBytes(StandardCharsets.UTF_8).length;
      if (length > EventNote.MOST_BYTES) {
        return message + rest;
      }
      message.append(next);
    }
    return message.toString();
  }

  private static String text(@Nullable AssignedPort before, AssignedPort now) {
    GidChoice choice = choice(now);
    String text =
        now.device()
            + "/"
            + now.port()
            + " "
            + (now.state() == AssignmentState.CURRENT && choice != null
                ? text(choice)
                : now.state().text());
    if (before == null || before.state() == AssignmentState.PENDING) {
      return text;
    }
    GidChoice old = choice(before);
    String was = before.state() == AssignmentState.CURRENT ? "" : before.state().text() + " ";
    return text + ", was " + (old == null ? before.state().text() : was + text(old));
  }

  private static String text(GidChoice choice) {
    return "index "
        + choice.index()
        + " ("
        + choice.type().text()
        + " "
        + choice.address()
        + (choice.netdev().isEmpty() ? "" : " on " + choice.netdev())
        + ")";
  }

  private static @Nullable GidChoice choice(@Nullable AssignedPort port) {
    return port == null ? null : port.choice().orElse(null);
  }
}
