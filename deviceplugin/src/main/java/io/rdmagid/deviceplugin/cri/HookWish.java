package io.rdmagid.deviceplugin.cri;

/** Which {@link ContainerHook} an agent is to have. */
public enum HookWish {
  /** NRI where the runtime has it. */
  AUTO,
  /** NRI, whether or not the runtime has it. */
  NRI,
  /** The kubelet's, whether or not the runtime has NRI. */
  PRE_START
}
