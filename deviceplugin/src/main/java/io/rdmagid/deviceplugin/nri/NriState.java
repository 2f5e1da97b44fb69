package io.rdmagid.deviceplugin.nri;

/** How the agent stands with the container runtime. */
public enum NriState {
  /** No connection: the runtime is away, or has no NRI. It is tried again. */
  ABSENT,
  /** Connected; the runtime has not told yet what it has, and makes containers without us. */
  CONNECTING,
  /** The runtime asks us about every container. */
  SYNCHRONIZED
}
