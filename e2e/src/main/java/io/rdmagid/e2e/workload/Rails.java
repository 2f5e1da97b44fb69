package io.rdmagid.e2e.workload;

import io.rdmagid.e2e.testbed.Kubectl;
import io.rdmagid.e2e.testbed.Node;
import io.rdmagid.e2e.testbed.Poll;
import java.time.Duration;

/** The first rail of both nodes, prepared so that the index of the same subnet differs. */
public final class Rails {
  /** The pool of {@link #pool}. */
  public static final String POOL = "rail";

  /** What {@link #readdress} gives. */
  public static final String READDRESSED = "10.10.0.77";

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private Rails() {}

  /**
   * Gives a node's rail0 another address first: its own then stands one slot later. An address that
   * comes back takes the lowest free slot (drivers/infiniband/core/cache.c of the kernel).
   */
  public static void shift(Node node) {
    String _ =
        node.sh(
            "ip addr flush dev rail0 scope global; ip addr add 192.168.50.%1$d/24 dev rail0; ip addr add 10.10.0.%1$d/24 dev rail0"
                .formatted(node.number()));
  }

  /** Gives a node's rail0 its one address back, one slot lower. */
  public static void unshift(Node node) {
    String _ =
        node.sh(
            "ip addr flush dev rail0 scope global; ip addr add 10.10.0.%d/24 dev rail0"
                .formatted(node.number()));
  }

  /**
   * Gives a node's rail0 {@link #READDRESSED} for the address of the rail that it has, in the same
   * subnet, one slot later. The agent has seen the new one before the old one goes, so that there
   * is none of its readings in which the port has neither.
   */
  public static void readdress(Kubectl kubectl, Node node) {
    // The second address of a subnet goes with the first, where it does not take its place
    // (Documentation/networking/ip-sysctl.rst of the kernel, promote_secondaries).
    String _ =
        node.sh(
            "sysctl -qw net.ipv4.conf.rail0.promote_secondaries=1 && ip addr add %s/24 dev rail0"
                .formatted(READDRESSED));
    Poll.until(
        READDRESSED + " to be published",
        PATIENCE,
        () ->
            kubectl
                .kubectl(
                    "get",
                    "rdmagids",
                    "--field-selector",
                    "spec.nodeName=" + node.name(),
                    "-o",
                    "jsonpath={.items[*].status.gids[*].address}")
                .contains(READDRESSED),
        () -> kubectl.run("get", "rdmagids", "-o", "yaml").out());
    String _ = node.sh("ip addr del 10.10.0.%d/24 dev rail0".formatted(node.number()));
  }

  /** A pool of the first rail of all nodes, with the hosts' GIDs, shared by up to four pods. */
  public static String pool() {
    return pool(4);
  }

  /** The same, shared by up to this many pods. */
  public static String pool(int podsPerPort) {
    return """
    apiVersion: rdmagid.io/v1alpha1
    kind: RdmaGidPool
    metadata:
      name: rail
    spec:
      ports:
        - netdevs: [rail0]
      podsPerPort: %d
      gid:
        scope: Host
        subnets: [10.10.0.0/16]
    """
        .formatted(podsPerPort);
  }

  /** Applies a pool, and waits until this many nodes offer it to pods. */
  public static void offer(Kubectl kubectl, String name, String yaml, int nodes) {
    String _ = kubectl.apply(yaml);
    awaitOffered(kubectl, name, nodes);
  }

  /** Waits until this many nodes offer a pool to pods. */
  public static void awaitOffered(Kubectl kubectl, String name, int nodes) {
    Poll.until(
        "pool " + name + " to be offered",
        PATIENCE,
        () -> offering(kubectl, name) == nodes,
        () -> kubectl.run("get", "rdmagidpool", name, "-o", "yaml").out());
  }

  /** How many nodes offer a pool to pods. */
  public static long offering(Kubectl kubectl, String name) {
    return kubectl
        .kubectl(
            "get",
            "nodes",
            "-o",
            "jsonpath={range .items[*]}{.status.allocatable.rdmagid\\.io/"
                + name
                + "}{\"\\n\"}{end}")
        .lines()
        .filter(count -> !count.isEmpty() && !count.equals("0"))
        .count();
  }
}
