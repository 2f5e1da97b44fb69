package io.rdmagid.e2e.bench;

import io.rdmagid.e2e.testbed.Command;
import io.rdmagid.e2e.testbed.Output;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Network namespaces as CNI leaves them for pods, each with a macvlan eth0 with an address on one
 * netdev of the namespace that this runs in. Needs root.
 */
final class PodNamespaces implements AutoCloseable {
  static final String NETDEV = "bench0";
  private static final String NAME = "rdmagid-bench-";

  /** ip-netns(8). */
  private static final Path FOLDER = Path.of("/run/netns");

  private final int pods;

  private PodNamespaces(int pods) {
    this.pods = pods;
  }

  /** Makes them; those that an earlier run left go first. */
  static PodNamespaces of(int pods) {
    PodNamespaces namespaces = new PodNamespaces(pods);
    namespaces.close();
    // Not a dummy: this machine's kernel may have no such kind, and has tap, for the testbed.
    String _ = ip("tuntap add " + NETDEV + " mode tap");
    String _ = ip("link set " + NETDEV + " up");
    for (int pod = 0; pod < pods; pod++) {
      String name = NAME + pod;
      String _ = ip("netns add " + name);
      String _ =
          ip("link add link " + NETDEV + " name eth0 netns " + name + " type macvlan mode bridge");
      String _ = ip("-n " + name + " addr add 10.99.0." + (pod + 1) + "/24 dev eth0");
      String _ = ip("-n " + name + " link set eth0 up");
    }
    return namespaces;
  }

  /** Each one's file. */
  List<Path> files() {
    return IntStream.range(0, pods).mapToObj(pod -> FOLDER.resolve(NAME + pod)).toList();
  }

  @Override
  public void close() {
    for (int pod = 0; pod < pods; pod++) {
      Output _ = Command.of("ip", "netns", "del", NAME + pod).run();
    }
    Output _ = Command.of("ip", "link", "del", NETDEV).run();
  }

  private static String ip(String arguments) {
    return Command.of(List.of(("ip " + arguments).split(" "))).sh();
  }
}
