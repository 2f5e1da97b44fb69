package io.rdmagid.pool;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Ports that pods ask for under one resource name, and how their pods choose a GID.
 *
 * @param name a DNS label
 * @param resourceName what a pod's limits name
 * @param createdAt when it was created: the older pool wins
 * @param generation of its spec
 * @param nodeSelector the nodes that it takes ports of
 * @param ports the ports that it takes: those that one of the selectors means
 * @param gid what it asks of GIDs
 * @param podsPerPort how many pods share a port, 1 to {@value #MOST_PODS_PER_PORT}
 * @param libraries the libraries that rdmagid sets up in its pods, in lower case; empty for all
 * @param trafficClass the traffic class of their packets, 0 to {@value #MOST_TRAFFIC_CLASS}; empty
 *     where each library keeps its own
 * @param memlock whether its containers may lock memory without limit
 * @param leaving whether it is being deleted: it takes no ports any more, what its pods hold stays
 */
public record Pool(
    String name,
    String resourceName,
    Instant createdAt,
    long generation,
    NodeSelector nodeSelector,
    List<PortSelector> ports,
    GidWish gid,
    int podsPerPort,
    Set<String> libraries,
    OptionalInt trafficClass,
    boolean memlock,
    boolean leaving) {
  /** The most pods that can share a port. */
  public static final int MOST_PODS_PER_PORT = 256;

  /** The largest traffic class: the byte of the IP header. */
  public static final int MOST_TRAFFIC_CLASS = 255;

  /** Who wins where two pools want the same: the older, of one age the first by name. */
  public static final Comparator<Pool> PRECEDENCE =
      Comparator.comparing(Pool::createdAt).thenComparing(Pool::name);

  public Pool {
    ports = List.copyOf(ports);
    libraries = Set.copyOf(libraries);
    if (podsPerPort < 1 || podsPerPort > MOST_PODS_PER_PORT) {
      throw new IllegalArgumentException(
          "1 to " + MOST_PODS_PER_PORT + " pods share a port, not " + podsPerPort);
    }
    trafficClass.ifPresent(number -> {
      if (number < 0 || number > MOST_TRAFFIC_CLASS) {
        throw new IllegalArgumentException(
            "a traffic class is 0 to " + MOST_TRAFFIC_CLASS + ", not " + number);
      }
    });
  }

  /**
   * Whether the spec means {@code port}, whatever other pools mean.
   *
   * @param nodeLabels the labels of the port's node
   */
  public boolean wants(PortFacts port, Map<String, String> nodeLabels) {
    return !leaving
        && nodeSelector.matches(nodeLabels)
        && ports.stream().anyMatch(selector -> selector.matches(port));
  }
}
