package io.rdmagid.operator.eviction;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.Set;

/** How far a pod is. */
enum PodLife {
  /** It runs, or is to. */
  RUNNING,
  /** All its containers have ended, and what they left can still be read. */
  ENDED,
  /** Somebody deleted it. */
  LEAVING;

  private static final Set<String> ENDED_PHASES = Set.of("Succeeded", "Failed");

  static PodLife of(Pod pod) {
    if (pod.getMetadata().getDeletionTimestamp() != null) {
      return LEAVING;
    }
    String phase = pod.getStatus() == null ? null : pod.getStatus().getPhase();
    return phase != null && ENDED_PHASES.contains(phase) ? ENDED : RUNNING;
  }

  static boolean isRunning(Pod pod) {
    return of(pod) == RUNNING;
  }
}
