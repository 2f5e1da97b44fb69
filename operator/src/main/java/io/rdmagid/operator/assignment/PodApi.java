package io.rdmagid.operator.assignment;

import io.fabric8.kubernetes.api.model.PodCondition;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The calls on the API server that a pod's copy needs. Each is one request; a refusal or a broken
 * connection is a {@link io.fabric8.kubernetes.client.KubernetesClientException}. Safe for use by
 * any thread.
 */
interface PodApi {
  /** The pod of that name, whatever its uid. */
  Optional<PodState> get(String namespace, String name);

  /** Tells an event; one that was told before, or is refused, is not told again. */
  void tell(PodRef pod, PodEvent event);

  /**
   * Writes the annotation.
   *
   * @param annotation null to have none
   */
  Written annotate(PodRef pod, @Nullable String annotation);

  /** Writes the condition, others' conditions aside. */
  Written setCondition(PodRef pod, PodCondition condition);

  /** Which pod is meant. */
  record PodRef(String namespace, String name, String uid) {}

  /**
   * What matters of a Pod.
   *
   * @param terminating whether it is being deleted
   * @param annotation of the assignment; null where there is none
   * @param condition GidAssigned; null where there is none
   * @param ended the names of the containers that have ended, as init containers do
   * @param asked how many of a pool's resource each container asks for, by its name
   */
  record PodState(
      String uid,
      boolean terminating,
      @Nullable String annotation,
      @Nullable PodCondition condition,
      Set<String> ended,
      Map<String, Map<String, Long>> asked) {
    public PodState {
      ended = Set.copyOf(ended);
      asked = Map.copyOf(asked);
    }
  }

  /** What became of a write. */
  enum Written {
    /** The pod has it. */
    DONE,
    /** The pod of that uid is no longer there; nothing was written, to no pod. */
    GONE
  }
}
