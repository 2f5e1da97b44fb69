package io.rdmagid.deviceplugin.inventory;

import java.util.Optional;

/**
 * How the RDMA devices of a node belong to network namespaces (rdma-system(8)): one choice for the
 * whole kernel, made while there is no other namespace.
 */
public enum RdmaNamespaceMode {
  /** Every namespace sees every device, with the GIDs of all namespaces in its tables. */
  SHARED("shared"),
  /** A device belongs to one namespace; nobody else sees or opens it. */
  EXCLUSIVE("exclusive"),
  /** Nobody could say, or asked. */
  UNKNOWN("");

  private final String text;

  RdmaNamespaceMode(String text) {
    this.text = text;
  }

  /** The kernel's word for it, as in recordings; empty for {@link #UNKNOWN}. */
  public String text() {
    return text;
  }

  /** The mode of a word; empty where there is none of that name. */
  public static Optional<RdmaNamespaceMode> fromText(String text) {
    for (RdmaNamespaceMode mode : values()) {
      if (mode.text.equals(text)) {
        return Optional.of(mode);
      }
    }
    return Optional.empty();
  }
}
