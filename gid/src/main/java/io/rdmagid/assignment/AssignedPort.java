package io.rdmagid.assignment;

import io.rdmagid.gid.GidScope;
import java.util.List;
import java.util.Optional;

/**
 * A port that a container holds.
 *
 * @param container the container's name
 * @param pool the pool's name
 * @param device the RDMA device's name
 * @param port the port's number on its device, from 1
 * @param choice the entry to use; there exactly where the state {@linkplain
 *     AssignmentState#hasChoice has one}
 * @param scope whose entries counted
 * @param generation how often the container's set of files was swapped
 * @param ruleRevision of the pool's effective rule that was applied; 0 where none was
 * @param selectorVersion of {@link io.rdmagid.gid.GidSelector} that chose; 0 where none did
 * @param variables of the container, the same for all its ports
 * @param elsewhere the names of the libraries that, with all that the container's files tell them,
 *     still take another entry of the port; none where there is no choice
 */
public record AssignedPort(
    String container,
    String pool,
    String device,
    int port,
    AssignmentState state,
    Optional<GidChoice> choice,
    GidScope scope,
    long generation,
    long ruleRevision,
    int selectorVersion,
    ContainerVariables variables,
    List<String> elsewhere) {
  public AssignedPort {
    elsewhere = List.copyOf(elsewhere);
    if (choice.isPresent() != state.hasChoice()) {
      throw new IllegalArgumentException(
          state.hasChoice()
              ? "a port that is " + state.text() + " has a choice"
              : "a port that is " + state.text() + " has no choice");
    }
    if (port < 1) {
      throw new IllegalArgumentException("a port's number is at least 1: " + port);
    }
    if (generation < 0 || ruleRevision < 0 || selectorVersion < 0) {
      throw new IllegalArgumentException(
          "generation, ruleRevision and selectorVersion are not negative: "
              + generation
              + ", "
              + ruleRevision
              + ", "
              + selectorVersion);
    }
  }

  /** The same when nobody has it any more. */
  public AssignedPort released() {
    return with(AssignmentState.RELEASED, Optional.empty(), variables, List.of());
  }

  /** The same with other variables of its container. */
  public AssignedPort withVariables(ContainerVariables others) {
    return with(state, choice, others, elsewhere);
  }

  private AssignedPort with(
      AssignmentState nextState,
      Optional<GidChoice> nextChoice,
      ContainerVariables nextVariables,
      List<String> nextElsewhere) {
    return new AssignedPort(
        container,
        pool,
        device,
        port,
        nextState,
        nextChoice,
        scope,
        generation,
        ruleRevision,
        selectorVersion,
        nextVariables,
        nextElsewhere);
  }
}
