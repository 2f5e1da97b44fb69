package io.rdmagid.deviceplugin.workload;

import io.rdmagid.assignment.AssignmentState;
import io.rdmagid.assignment.GidChoice;
import io.rdmagid.library.ChosenPort;
import io.rdmagid.pool.EffectiveRule;
import java.util.List;
import java.util.Optional;

/**
 * A port of a container and what was chosen on it.
 *
 * @param pool the pool's name
 * @param number of the port among the container's of this pool, from 0
 * @param rule that was applied
 * @param choice there exactly where the state has one
 * @param reason why there is no choice, a sentence without a full stop; else empty
 * @param elsewhere the libraries that take another entry although the set tells them
 */
record PortOutcome(
    String pool,
    int number,
    HeldPort port,
    EffectiveRule rule,
    AssignmentState state,
    Optional<GidChoice> choice,
    String reason,
    List<String> elsewhere) {
  PortOutcome {
    elsewhere = List.copyOf(elsewhere);
  }

  static PortOutcome chosen(
      String pool, int number, HeldPort port, EffectiveRule rule, GidChoice choice) {
    return new PortOutcome(
        pool, number, port, rule, AssignmentState.CURRENT, Optional.of(choice), "", List.of());
  }

  static PortOutcome without(
      String pool,
      int number,
      HeldPort port,
      EffectiveRule rule,
      AssignmentState state,
      String reason) {
    return new PortOutcome(pool, number, port, rule, state, Optional.empty(), reason, List.of());
  }

  /** A port of a container that nobody has chosen for. */
  static PortOutcome pending(String pool, int number, HeldPort port, EffectiveRule rule) {
    return without(pool, number, port, rule, AssignmentState.PENDING, "nobody has chosen");
  }

  /** The same with the libraries that do not take the choice. */
  PortOutcome with(List<String> libraries) {
    return new PortOutcome(pool, number, port, rule, state, choice, reason, libraries);
  }

  /** The entry that libraries are told to take. */
  Optional<ChosenPort> told() {
    return choice.map(entry ->
        new ChosenPort(port.device(), port.port(), entry.index(), entry.gid(), entry.type()));
  }

  /** Whether the container must not be made like this. */
  boolean forbids() {
    return choice.isEmpty() && rule.required();
  }

  /** For the pod's events: {@code pool rail, mlx5_0/1: no RoCEv2 IPv4 GID; …}. */
  String sentence() {
    return "pool " + pool + ", " + port + ": " + reason;
  }
}
