package io.rdmagid.kubectl.snapshot;

import java.util.Comparator;

/** The name of a pod in the cluster. Ordered by namespace and name. */
public record PodName(String namespace, String name) implements Comparable<PodName> {
  private static final Comparator<PodName> ORDER =
      Comparator.comparing(PodName::namespace).thenComparing(PodName::name);

  @Override
  public int compareTo(PodName other) {
    return ORDER.compare(this, other);
  }

  /** For people: {@code namespace/name}. */
  @Override
  public String toString() {
    return namespace + "/" + name;
  }
}
