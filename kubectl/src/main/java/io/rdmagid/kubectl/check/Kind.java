package io.rdmagid.kubectl.check;

/** What can be wrong. The words are for programs and stay as they are. */
public enum Kind {
  /** Ports of one pool on several nodes have one address. */
  DUPLICATE_PORT_ADDRESS("DuplicatePortAddress"),
  /** Pods of one pool, each with a network namespace of its own, have one address. */
  DUPLICATE_POD_ADDRESS("DuplicatePodAddress"),
  /** Pods of one job do not fit together. */
  GROUP_MISMATCH("GroupMismatch"),
  /** A port of a pool carries no traffic. */
  PORT_DOWN("PortDown"),
  /** A port has no entry that will do. */
  NO_USABLE_GID("NoUsableGid"),
  /** A library takes another entry, with all that it is told. */
  LIBRARY_ELSEWHERE("LibraryElsewhere"),
  /** The agent of a node does not report: what its ports and pods show can be old. */
  NOT_REPORTING("NotReporting"),
  /** A pool that is not offered. */
  POOL_NOT_ACCEPTED("PoolNotAccepted"),
  /** An older pool has ports that this one wants. */
  POOL_CONFLICT("PoolConflict"),
  /** A pool that is not all that its spec says. */
  POOL_DEGRADED("PoolDegraded"),
  /** So much is broken at once that a pool evicts nothing. */
  POOL_BREAKER_OPEN("PoolBreakerOpen"),
  /** Pods that are to be evicted are not yet: a budget, or a refusal, is in the way. */
  EVICTION_HELD_UP("EvictionHeldUp"),
  /** Variables of a running container say what was right before. */
  VARIABLES_OUTDATED("VariablesOutdated"),
  /** A container holds a port without an index that is right now. */
  NOT_CURRENT("NotCurrent"),
  /** What a pod was given is not what the port's table shows. */
  DISAGREES("Disagrees"),
  /** An object that is not understood, as one that a later version wrote. */
  NOT_UNDERSTOOD("NotUnderstood");

  private final String text;

  Kind(String text) {
    this.text = text;
  }

  /** The word in output. */
  public String text() {
    return text;
  }
}
