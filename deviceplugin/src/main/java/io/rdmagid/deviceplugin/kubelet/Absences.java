package io.rdmagid.deviceplugin.kubelet;

import io.rdmagid.deviceplugin.kubelet.PoolState.Absence;
import io.rdmagid.deviceplugin.workload.NodeNotice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is said of pools that the kubelet does not have: nothing for as long as it can be starting,
 * then one warning, and after that one word when it has the pool again. Does nothing but remember
 * what was said; belongs to the edge's thread. Times are the edge's ticker's.
 */
final class Absences {
  /** A kubelet that is started again takes seconds. */
  static final Duration GRACE = Duration.ofSeconds(30);

  private static final String ABSENT = "DevicePluginNotRegistered";
  private static final String BACK = "DevicePluginRegistered";
  private static final String ACTION = "Register";

  private record Pool(String name, String resourceName) {
    static Pool of(PoolState state) {
      return new Pool(state.pool(), state.resourceName());
    }
  }

  private final Set<Pool> warned = new HashSet<>();

  /** The pools that the kubelet should have by now, in one line; empty if it has all. */
  static Optional<String> overdue(List<PoolState> states, long now) {
    String text =
        states.stream()
            .flatMap(state ->
                state.absence().filter(absence -> dueIn(absence, now) <= 0).stream()
                    .map(absence -> text(state, absence, now)))
            .collect(Collectors.joining("; "));
    return text.isEmpty() ? Optional.empty() : Optional.of("the kubelet has not had " + text);
  }

  /** What is to be said now. A pool that is offered no more is forgotten. */
  List<NodeNotice> notices(List<PoolState> states, long now) {
    warned.retainAll(states.stream().map(Pool::of).collect(Collectors.toSet()));
    List<NodeNotice> notices = new ArrayList<>();
    for (PoolState state : states) {
      Absence absence = state.absence().orElse(null);
      if (absence == null) {
        if (warned.remove(Pool.of(state))) {
          notices.add(
              new NodeNotice(false, BACK, ACTION, "The kubelet has " + text(state) + " again"));
        }
      } else if (dueIn(absence, now) <= 0 && warned.add(Pool.of(state))) {
        String text =
            "New pods get no device: the kubelet has not had " + text(state, absence, now);
        notices.add(new NodeNotice(true, ABSENT, ACTION, text));
      }
    }
    return notices;
  }

  /** The nanoseconds until there is more to say, if nothing happens. */
  long dueIn(List<PoolState> states, long now) {
    return states.stream()
        .filter(state -> !warned.contains(Pool.of(state)))
        .flatMap(state -> state.absence().stream())
        .mapToLong(absence -> dueIn(absence, now))
        .min()
        .orElse(DeviceListStream.NOTHING_DUE);
  }

  private static long dueIn(Absence absence, long now) {
    return GRACE.toNanos() - (now - absence.since());
  }

  private static String text(PoolState state) {
    return "pool " + state.pool() + " (" + state.resourceName() + ")";
  }

  private static String text(PoolState state, Absence absence, long now) {
    long seconds = Duration.ofNanos(now - absence.since()).toSeconds();
    return text(state) + " for " + seconds + " s: " + absence.reason();
  }
}
