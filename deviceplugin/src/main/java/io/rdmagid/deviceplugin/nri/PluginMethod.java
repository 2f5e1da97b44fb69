package io.rdmagid.deviceplugin.nri;

import io.rdmagid.proto.ttrpc.Request;

/** What the runtime calls of a plugin; of service nri.pkg.api.v1alpha1.Plugin. */
enum PluginMethod {
  CONFIGURE("Configure"),
  SYNCHRONIZE("Synchronize"),
  CREATE_CONTAINER("CreateContainer"),
  STOP_CONTAINER("StopContainer"),
  STATE_CHANGE("StateChange"),
  SHUTDOWN("Shutdown"),
  /** What we did not subscribe to, or a newer runtime has. */
  OTHER("other");

  private static final String SERVICE = "nri.pkg.api.v1alpha1.Plugin";

  private final String wireName;

  PluginMethod(String wireName) {
    this.wireName = wireName;
  }

  String wireName() {
    return wireName;
  }

  static PluginMethod of(Request request) {
    if (request.getService().equals(SERVICE)) {
      for (PluginMethod method : values()) {
        if (method.wireName.equals(request.getMethod())) {
          return method;
        }
      }
    }
    return OTHER;
  }
}
