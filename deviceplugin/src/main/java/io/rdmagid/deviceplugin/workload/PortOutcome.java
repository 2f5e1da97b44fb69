package io.rdmagid.deviceplugin.workload;

import io.rdmagid.assignment.AssignmentState;
import io.rdmagid.assignment.GidChoice;
import io.rdmagid.library.ChosenPort;
import io.rdmagid.library.ToldPort;
import java.util.List;
import java.util.Optional;

/**
 * A port of a container and what was chosen on it.
 *
 * @param pool the pool's name
 * @param number of the port among the container's of this pool, from 0
 * @param terms of the pool that were applied
 * @param choice there exactly where the state has one
 * @param obstacle why there is no choice; empty exactly where there is one
 * @param reason the same for people, a sentence without a full stop; empty where there is a choice
 * @param elsewhere the libraries that take another entry although the set tells them
 */
record PortOutcome(
    String pool,
    int number,
    HeldPort port,
    PoolTerms terms,
    AssignmentState state,
    Optional<GidChoice> choice,
    Optional<Obstacle> obstacle,
    String reason,
    List<String> elsewhere) {
  PortOutcome {
    elsewhere = List.copyOf(elsewhere);
  }

  static PortOutcome chosen(
      String pool, int number, HeldPort port, PoolTerms terms, GidChoice choice) {
    return new PortOutcome(
        pool,
        number,
        port,
        terms,
        AssignmentState.CURRENT,
        Optional.of(choice),
        Optional.empty(),
        "",
        List.of());
  }

  static PortOutcome without(
      String pool,
      int number,
      HeldPort port,
      PoolTerms terms,
      AssignmentState state,
      Obstacle obstacle,
      String reason) {
    return new PortOutcome(
        pool,
        number,
        port,
        terms,
        state,
        Optional.empty(),
        Optional.of(obstacle),
        reason,
        List.of());
  }

  /** The same with what is on its way; empty for nothing. */
  PortOutcome awaiting(String addresses) {
    return addresses.isEmpty()
        ? this
        : new PortOutcome(
            pool,
            number,
            port,
            terms,
            state,
            choice,
            Optional.of(Obstacle.LATE),
            reason + addresses,
            elsewhere);
  }

  /** A port of a container that nobody has chosen for. */
  static PortOutcome pending(String pool, int number, HeldPort port, PoolTerms terms) {
    return without(
        pool,
        number,
        port,
        terms,
        AssignmentState.PENDING,
        Obstacle.NOT_CHOSEN,
        "nobody has chosen");
  }

  /** The same with the libraries that do not take the choice. */
  PortOutcome with(List<String> libraries) {
    return new PortOutcome(pool, number, port, terms, state, choice, obstacle, reason, libraries);
  }

  /** The entry that libraries are told to take. */
  Optional<ToldPort> told() {
    return choice.map(entry ->
        new ToldPort(
            new ChosenPort(port.device(), port.port(), entry.index(), entry.gid(), entry.type()),
            terms.setup()));
  }

  /** Whether there is no choice, and an address that would do is on its way. */
  boolean late() {
    return obstacle.equals(Optional.of(Obstacle.LATE));
  }

  /** Whether what is missing may be there a moment later. */
  boolean mayPass() {
    return obstacle.filter(Obstacle::mayPass).isPresent();
  }

  /** Whether the container must not be made like this. */
  boolean forbids() {
    return choice.isEmpty() && terms.rule().required();
  }

  /** For the pod's events: {@code pool rail, mlx5_0/1: no RoCEv2 IPv4 GID; …}. */
  String sentence() {
    return "pool " + pool + ", " + port + ": " + reason;
  }
}
