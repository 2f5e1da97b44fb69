package io.rdmagid.operator.fact;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * When this process first saw agents that are not ready. Since when they are, a kubelet says by the
 * clock of its node: where that is ahead, an agent would be believed long after it was ready. Safe
 * for use by any thread.
 */
public final class FirstSights {
  private final Map<AgentPod, Instant> first = new HashMap<>();

  /**
   * The agents, each away since its node says so, or since it was first seen so, whichever is
   * earlier.
   *
   * @param agents all that there are: others are forgotten
   * @param givenUp nodes of which it was said before that they do not report, or can have been: one
   *     whose own time tells nothing is given no more
   */
  public synchronized List<AgentPod> clip(
      Collection<AgentPod> agents, Set<String> givenUp, Instant now) {
    first
        .keySet()
        .retainAll(
            agents.stream()
                .filter(agent -> !agent.ready())
                .collect(Collectors.toUnmodifiableSet()));
    return agents.stream().map(agent -> clip(agent, givenUp, now)).toList();
  }

  private AgentPod clip(AgentPod agent, Set<String> givenUp, Instant now) {
    if (agent.ready()) {
      return agent;
    }
    Instant seen =
        first.computeIfAbsent(
            agent,
            some ->
                some.since().isAfter(now) && givenUp.contains(some.node())
                    ? now.minus(Reporting.PATIENCE)
                    : now);
    return seen.isBefore(agent.since()) ? new AgentPod(agent.node(), false, seen) : agent;
  }
}
