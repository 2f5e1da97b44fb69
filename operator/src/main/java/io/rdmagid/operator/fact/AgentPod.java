package io.rdmagid.operator.fact;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An agent's pod.
 *
 * @param node the name of the Node that it runs on
 * @param since when it got ready, or ceased to be, by the clock of its node, to the second: it can
 *     be ahead of ours, for which there are {@link FirstSights}
 */
public record AgentPod(String node, boolean ready, Instant since) {
  /** The label that the chart gives the agent's DaemonSet and its pods. */
  public static final String SELECTOR = "app.kubernetes.io/name=rdmagid-agent";

  /** In the place of one that is not there, since nobody knows when. */
  public static AgentPod missing(String node) {
    return new AgentPod(node, false, Instant.MAX);
  }

  /** What is known of a pod; empty for one that has no node yet. Never throws. */
  public static Optional<AgentPod> of(Pod pod) {
    String node = pod.getSpec() == null ? null : pod.getSpec().getNodeName();
    if (node == null || node.isEmpty()) {
      return Optional.empty();
    }
    List<PodCondition> conditions =
        pod.getStatus() == null ? List.of() : pod.getStatus().getConditions();
    Optional<PodCondition> ready =
        conditions.stream().filter(condition -> "Ready".equals(condition.getType())).findFirst();
    return Optional.of(
        new AgentPod(
            node.intern(),
            ready.isPresent() && "True".equals(ready.get().getStatus()),
            ready
                .map(condition -> time(condition.getLastTransitionTime()))
                .orElseGet(() -> time(pod.getMetadata().getCreationTimestamp()))));
  }

  /** A time that nobody understands is long ago: who is not ready since then does not report. */
  private static Instant time(@Nullable String text) {
    try {
      return text == null ? Instant.EPOCH : Instant.parse(text);
    } catch (DateTimeException e) {
      return Instant.EPOCH;
    }
  }
}
