package io.rdmagid.deviceplugin.kubelet;

/** How pools come to the kubelet. */
public enum KubeletRegistration {
  /** By a call on the kubelet's socket, in whose folder the pools' sockets are. */
  DEVICE_PLUGINS,
  /** The kubelet finds the pools' sockets in the folder of its plugin watcher, and asks there. */
  PLUGIN_WATCHER
}
