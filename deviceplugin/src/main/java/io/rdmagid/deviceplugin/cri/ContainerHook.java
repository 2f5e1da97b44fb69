package io.rdmagid.deviceplugin.cri;

/** By what the agent hears of containers that are about to be made. */
public enum ContainerHook {
  /** The runtime asks, and a container gets files and variables. */
  NRI,
  /** The kubelet asks, and a container gets files only. */
  PRE_START
}
