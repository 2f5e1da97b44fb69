package io.rdmagid.operator.failover;

import io.rdmagid.api.v1alpha1.PoolFailoverGroup;
import java.util.Arrays;
import java.util.Optional;

/** Why pods that wait, or were to be evicted, are left alone. */
enum Cancellation {
  /** The pod is as it was started. */
  RECOVERED(PoolFailoverGroup.RECOVERED),
  /** Nobody can tell how the pod is. */
  AGENT_NOT_READY(PoolFailoverGroup.AGENT_NOT_READY),
  /** Too much is broken at once. */
  BREAKER_OPEN(PoolFailoverGroup.BREAKER_OPEN),
  /** The pool does not say so, or no longer. */
  POOL_DOES_NOT_EVICT(PoolFailoverGroup.POOL_DOES_NOT_EVICT);

  private final String text;

  Cancellation(String text) {
    this.text = text;
  }

  /** The word used in API objects, none of those that say what holds a group up. */
  String text() {
    return text;
  }

  /** The cancellation written as {@code text}. */
  static Optional<Cancellation> fromText(String text) {
    return Arrays.stream(values()).filter(some -> some.text.equals(text)).findFirst();
  }

  /**
   * For people.
   *
   * @param pod that it is told of; empty where it is gone
   */
  String message(Optional<HeldPod> pod) {
    return switch (this) {
      case RECOVERED -> "the pod has recovered";
      case AGENT_NOT_READY ->
          "nobody can tell how the pod is: the agent of "
              + pod.map(held -> "node " + held.node()).orElse("its node")
              + " is not ready";
      case BREAKER_OPEN -> "too much of the cluster is broken at once";
      case POOL_DOES_NOT_EVICT -> "the pool does not evict";
    };
  }
}
