package io.rdmagid.deviceplugin.nri;

/** What a try to connect to the runtime shows of its NRI. */
public enum NriPresence {
  /** There is no socket, or nobody listens behind it: the runtime is away, or has no NRI. */
  NOBODY,
  /** Somebody takes the connection; it may end before anything is said. */
  SOMEBODY,
  /** The runtime has told what it has, and asks about every container from now on. */
  SYNCHRONIZED
}
