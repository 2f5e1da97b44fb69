package io.rdmagid.operator.failover;

/** Which pod is meant: another of the same name has another uid. */
public record PodRef(String namespace, String name, String uid) {
  @Override
  public String toString() {
    return namespace + "/" + name;
  }
}
