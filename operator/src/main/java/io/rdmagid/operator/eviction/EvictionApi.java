package io.rdmagid.operator.eviction;

import io.rdmagid.operator.failover.Notice;
import io.rdmagid.operator.failover.PodRef;
import java.time.Duration;
import java.util.Optional;

/**
 * The calls on the API server that concern pods. Each is one request or two; what is not told as a
 * result is a {@link io.fabric8.kubernetes.client.KubernetesClientException}. Safe for use by any
 * thread.
 */
interface EvictionApi {
  /**
   * Asks for the eviction of the pod of that uid, and of no other of the name. One that has ended,
   * or that is being deleted, is left alone.
   *
   * @param dryRun whether to ask only what would become of it
   */
  Outcome evict(PodRef pod, boolean dryRun);

  /**
   * Tells a notice as an Event; one that was told before is not told again, and one that the server
   * refuses is given up.
   */
  void tell(Notice notice);

  /** What became of an eviction. */
  sealed interface Outcome {
    /**
     * The pod is being deleted by an eviction, this one or one whose answer nobody heard; of a dry
     * run: it would be.
     */
    record Evicted() implements Outcome {}

    /**
     * Somebody deletes the pod, as the controller of a job does with the rest of it; of a dry run
     * also by an eviction, as {@code kubectl drain} does.
     */
    record Leaving() implements Outcome {}

    /** There is no pod of that uid, or it has ended. */
    record Gone() implements Outcome {}

    /**
     * Not now.
     *
     * @param reason DisruptionBudget or Refused
     * @param message the server's
     * @param retryAfter when the server wants to be asked again
     */
    record Refused(String reason, String message, Optional<Duration> retryAfter)
        implements Outcome {}
  }
}
