package io.rdmagid.deviceplugin.workload;

import java.util.Locale;

/**
 * Why a port of a container has no choice, or a container is not made. What is counted by; the
 * sentence for people stands beside it.
 */
public enum Obstacle {
  /** The pod runs on a kernel of its own, as Kata's and gVisor's do. */
  SEPARATE_KERNEL,
  /** The agent does not know the allocation whose folder the container mounts. */
  UNKNOWN_ALLOCATION,
  /** A pool has no rule for its spec yet. */
  NO_RULE,
  /** The sandbox ended while the container was being made. */
  SANDBOX_ENDED,
  /** The node's disk refuses the container's files, or the record of them. */
  DISK,
  /** Nobody has chosen. */
  NOT_CHOSEN,
  /** The node has no such port now. */
  NO_PORT,
  /** The pod's network namespace is gone, or is none. */
  NO_NAMESPACE,
  /** The system refused to look into the pod's network namespace, which may pass. */
  NAMESPACE_REFUSED,
  /** No entry will do, and none that would is on its way. */
  NO_ENTRY,
  /** Two entries that nothing tells apart. */
  AMBIGUOUS,
  /** An entry that would do is on its way, and did not come in time. */
  LATE;

  /** Whether it can be over within the time that a container waits. */
  boolean mayPass() {
    return this == LATE || this == NAMESPACE_REFUSED;
  }

  /** As a metric's tag has it, such as {@code no-entry}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
