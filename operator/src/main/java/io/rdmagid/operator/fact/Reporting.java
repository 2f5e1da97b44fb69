package io.rdmagid.operator.fact;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Of which nodes what is published can be taken for true: those that have an agent that is ready,
 * or was until a moment ago.
 *
 * @param nodes their names
 * @param until when the first of them ceases to be one, unless its agent gets ready; empty where
 *     none does
 */
public record Reporting(Set<String> nodes, Optional<Instant> until) {
  /** How long an agent that is not ready is believed. */
  public static final Duration PATIENCE = Duration.ofSeconds(30);

  public Reporting {
    nodes = Set.copyOf(nodes);
  }

  /**
   * What the agents' pods tell at {@code now}.
   *
   * @param agents none of them away since later than {@code now}, as {@link FirstSights} has them
   */
  public static Reporting of(Collection<AgentPod> agents, Instant now) {
    return new Reporting(
        agents.stream()
            .filter(agent -> agent.ready() || now.isBefore(agent.since().plus(PATIENCE)))
            .map(AgentPod::node)
            .collect(Collectors.toSet()),
        agents.stream()
            .filter(agent -> !agent.ready())
            .map(agent -> agent.since().plus(PATIENCE))
            .filter(now::isBefore)
            .min(Comparator.naturalOrder()));
  }
}
