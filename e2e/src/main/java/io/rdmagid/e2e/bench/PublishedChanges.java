package io.rdmagid.e2e.bench;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.rdmagid.api.naming.RdmaGidName;
import io.rdmagid.api.v1alpha1.RdmaGid;
import io.rdmagid.e2e.agent.RecordingFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How long after a change of its table a port's RdmaGid shows it, as somebody who watches it hears:
 * an agent as its image runs it, with a recording for a kernel. Whoever starts it closes it.
 */
final class PublishedChanges implements AutoCloseable {
  static final int CHANGES = 100;

  private static final String NODE = "bench-agent";
  private static final int PORTS = 8;
  private static final Duration LIMIT = Duration.ofMinutes(2);

  /** So long that each change is published at once: see {@link NativeBench}. */
  private static final Duration BETWEEN = Duration.ofMillis(400);

  private final Moments shown = new Moments();
  private final List<Watch> watches = new ArrayList<>();
  private final int[] hosts = new int[PORTS];
  private final RecordingFile recording;
  private final Process agent;

  private PublishedChanges(Path folder, KubernetesClient client, Path kubeconfig, AgentJvm jvm)
      throws IOException {
    Node _ =
        client
            .resource(new NodeBuilder().withNewMetadata().withName(NODE).endMetadata().build())
            .create();
    recording = new RecordingFile(folder.resolve("agent-recording.json"));
    Arrays.fill(hosts, 1);
    recording.write(hosts);
    for (int port = 0; port < PORTS; port++) {
      watches.add(
          client
              .resources(RdmaGid.class)
              .withName(RdmaGidName.of(NODE, "mlx5_" + port, 1))
              .watch(new Shown()));
    }
    ProcessBuilder builder =
        new ProcessBuilder(
                jvm.agent(
                    "--node-name=" + NODE,
                    "--recording=" + recording.file(),
                    "--management-address=127.0.0.1:0"))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("agent.log").toFile());
    builder.environment().put("KUBECONFIG", kubeconfig.toString());
    agent = builder.start();
  }

  /** Starts the agent, which is another node's. */
  static PublishedChanges start(
      Path folder, KubernetesClient client, Path kubeconfig, AgentJvm jvm) {
    try {
      return new PublishedChanges(folder, client, kubeconfig, jvm);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One after the other, of one port after the other. */
  Times measure() {
    for (int port = 0; port < PORTS; port++) {
      long _ = await(address(port));
    }
    List<Long> nanos = new ArrayList<>();
    for (int change = 0; change < CHANGES; change++) {
      int port = change % PORTS;
      hosts[port]++;
      Pause.of(BETWEEN);
      long start = System.nanoTime();
      recording.write(hosts);
      nanos.add(await(address(port)) - start);
    }
    return new Times(nanos);
  }

  private String address(int port) {
    return "10.%d.0.%d".formatted(port, hosts[port]);
  }

  private long await(String address) {
    return shown.await(address, LIMIT, "no RdmaGid shows " + address + "; see agent.log");
  }

  @Override
  public void close() {
    watches.forEach(Watch::close);
    BuiltProgram.end(agent);
  }

  /** Takes the time of each address that it sees for the first time. */
  private final class Shown implements Watcher<RdmaGid> {
    @Override
    public void eventReceived(Action action, RdmaGid gid) {
      long now = System.nanoTime();
      if (gid.getStatus() != null) {
        gid.getStatus()
            .gids()
            .forEach(row -> {
              if (row.address() != null) {
                shown.seen(row.address(), now);
              }
            });
      }
    }

    @Override
    public void onClose(WatcherException cause) {
      // Who waits says that nothing came.
    }
  }
}
