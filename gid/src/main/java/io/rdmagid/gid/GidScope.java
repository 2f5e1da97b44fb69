package io.rdmagid.gid;

import java.util.Arrays;
import java.util.Optional;

/** Whose entries of a table count. */
public enum GidScope {
  /** Those of the pod's own network namespace, which exist once the pod's network does. */
  POD("Pod"),
  /** Those of the host's network namespace: for pods that share it. */
  HOST("Host");

  private final String text;

  GidScope(String text) {
    this.text = text;
  }

  /** The word used in API objects: {@code Pod} or {@code Host}. */
  public String text() {
    return text;
  }

  /** The scope written as {@code text} in an API object. */
  public static Optional<GidScope> fromText(String text) {
    return Arrays.stream(values()).filter(scope -> scope.text.equals(text)).findFirst();
  }
}
