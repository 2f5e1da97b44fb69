package io.rdmagid.operator.eviction;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.Set;

/** How far a pod is. */
enum PodLife {
  /** It runs, or is to. */
  RUNNING,
  /** All its containers have ended, and what they left can still be read. */
  ENDED,
  /** The eviction API deleted it, whoever asked. */
  EVICTED,
  /** Somebody else deleted it. */
  LEAVING;

  private static final String DISRUPTION_TARGET = "DisruptionTarget";

  /** Kubernetes, pkg/registry/core/pod/storage/eviction.go. */
  private static final String BY_EVICTION = "EvictionByEvictionAPI";

  private static final Set<String> ENDED_PHASES = Set.of("Succeeded", "Failed");

  static PodLife of(Pod pod) {
    if (pod.getMetadata().getDeletionTimestamp() != null) {
      return isEvicted(pod) ? EVICTED : LEAVING;
    }
    String phase = pod.getStatus() == null ? null : pod.getStatus().getPhase();
    return phase != null && ENDED_PHASES.contains(phase) ? ENDED : RUNNING;
  }

  private static boolean isEvicted(Pod pod) {
    return pod.getStatus() != null
        && pod.getStatus().getConditions().stream()
            .anyMatch(condition ->
                DISRUPTION_TARGET.equals(condition.getType())
                    && BY_EVICTION.equals(condition.getReason()));
  }

  static boolean isRunning(Pod pod) {
    return of(pod) == RUNNING;
  }
}
