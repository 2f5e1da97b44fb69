package io.rdmagid.e2e.node;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.rdmagid.api.naming.NodeMetadata;
import io.rdmagid.e2e.agent.AgentEndpoint;
import io.rdmagid.e2e.agent.AgentInstallation;
import io.rdmagid.e2e.agent.KernelTables;
import io.rdmagid.e2e.agent.PublishedTables;
import io.rdmagid.e2e.testbed.AuditEvent;
import io.rdmagid.e2e.testbed.Kubectl;
import io.rdmagid.e2e.testbed.Node;
import io.rdmagid.e2e.testbed.Testbed;
import io.rdmagid.e2e.workload.Rails;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.TestInfo;

/** The testbed with the agents of this build, in the state that every test starts from. */
final class InstalledAgents {
  /** The process of a node's agent, for a shell there. */
  static final String PROCESS = "$(pgrep -f io.rdmagid.deviceplugin.AgentMai[n])";

  /** Far more than anything here takes; only a hang reaches it. */
  static final Duration GUARD = Duration.ofMinutes(3);

  /** Twenty that end at once take an emulated node minutes. */
  private static final Duration SANDBOXES_GUARD = Duration.ofMinutes(10);

  private static final Map<String, String> RAILS =
      Map.of("rail0", "10.10.0.", "rail1", "10.10.1.", "dummy0", "10.10.2.");

  private final Testbed testbed;

  private InstalledAgents(Testbed testbed) {
    this.testbed = testbed;
  }

  /** Brings all up, without pools, and waits until what is published is what the kernels say. */
  static InstalledAgents up(TestInfo test) {
    InstalledAgents agents = upWithPools(test);
    String _ = agents.testbed.kubectl().kubectl("delete", "rdmagidpools", "--all", "--wait=true");
    return agents;
  }

  /** The same, with the pools that are there. */
  static InstalledAgents upWithPools(TestInfo test) {
    Testbed testbed = Testbed.up(AgentInstallation::apply);
    InstalledAgents agents = new InstalledAgents(testbed);
    List<String> values = ByInstallation.values(test.getTestClass().orElseThrow());
    AgentInstallation.installWith(testbed, values.toArray(String[]::new));
    agents.reset();
    agents.awaitPublished();
    return agents;
  }

  Testbed testbed() {
    return testbed;
  }

  /** Gives every netdev its one address back, and brings it up. */
  void reset() {
    for (Node node : testbed.nodes()) {
      StringBuilder script = new StringBuilder();
      RAILS.forEach((netdev, prefix) ->
          script.append(
              "ip link set %1$s up; ip addr flush dev %1$s scope global; ip addr add %2$s%3$d/24 dev %1$s; "
                  .formatted(netdev, prefix, node.number())));
      String _ = node.sh(script.toString());
    }
  }

  void awaitPublished() {
    try (KubernetesClient client = testbed.kubectl().client()) {
      for (Node node : testbed.nodes()) {
        awaitPublished(client, node);
      }
    }
  }

  /** Waits until the agent of a node says that it is ready. */
  static void awaitReady(Node node) {
    AgentEndpoint agent = new AgentEndpoint(node);
    await(() -> Assertions.assertThat(agent.isReady()).as(node.name()).isTrue());
  }

  /** Deletes the agent's pod of a node, and waits until the next one is ready. */
  static void replace(Kubectl kubectl, Node node) {
    String _ =
        kubectl.kubectl(
            "-n",
            AgentInstallation.NAMESPACE,
            "delete",
            "pod",
            AgentInstallation.pod(kubectl, node));
    awaitReady(node);
  }

  /**
   * Waits until no sandbox of the node has an allocation: where a pod has no grace period its
   * object is gone long before its sandbox. Records are written aside and renamed, so only whole
   * ones are looked at.
   */
  static void awaitLetGo(Node node) {
    Awaitility.await()
        .atMost(SANDBOXES_GUARD)
        .pollInterval(Duration.ofSeconds(2))
        .until(() -> claims(node) == 0);
  }

  /** How many allocations of the node a sandbox has. */
  static int claims(Node node) {
    String files = node.sh("grep -ls '\"claim\"' /var/lib/rdmagid/records/*.json || true");
    return (int) files.lines().count();
  }

  /** Waits until the assertion holds. */
  static void await(ThrowingRunnable assertion) {
    Awaitility.await().atMost(GUARD).pollInterval(Duration.ofMillis(500)).untilAsserted(assertion);
  }

  /**
   * As {@link Rails#shift}; then waits until the agents have read what came of it and of all that
   * was before, and told their kubelets. The port has none of its GIDs for a moment, in which a
   * kubelet refuses pods that the scheduler, who looks at the Node's older status, gives to it.
   */
  void shift(Node shifted) {
    Rails.shift(shifted);
    awaitNoReading(testbed.nodes().stream().map(AgentEndpoint::new).toArray(AgentEndpoint[]::new));
  }

  /** Waits until two looks in a row see the same number of readings by each of the agents. */
  static void awaitNoReading(AgentEndpoint... agents) {
    AtomicReference<List<Double>> last = new AtomicReference<>(List.of());
    Awaitility.await()
        .atMost(GUARD)
        .pollInterval(Duration.ofSeconds(3))
        .until(() -> {
          List<Double> now = Stream.of(agents).map(AgentEndpoint::tableReads).toList();
          return last.getAndSet(now).equals(now);
        });
  }

  static void awaitPublished(KubernetesClient client, Node node) {
    Awaitility.await()
        .atMost(GUARD)
        .pollInterval(Duration.ofMillis(500))
        .untilAsserted(() ->
            Assertions.assertThat(PublishedTables.of(client, node.name()))
                .as(node.name())
                .containsExactlyElementsOf(KernelTables.of(node)));
  }

  /**
   * Waits until nothing of an earlier change is still to be written, the Nodes' annotations, which
   * may be deferred, included.
   */
  void awaitQuiet() {
    try (KubernetesClient client = testbed.kubectl().client()) {
      for (Node node : testbed.nodes()) {
        await(() -> {
          var annotations =
              client.nodes().withName(node.name()).get().getMetadata().getAnnotations();
          Assertions.assertThat(PublishedTables.objects(client, node.name()))
              .isNotEmpty()
              .allSatisfy(object ->
                  Assertions.assertThat(annotations.get(NodeMetadata.GIDS_ANNOTATION))
                      .contains(object.getStatus().digest()));
        });
      }
    }
    Awaitility.await()
        .atMost(GUARD)
        .pollInterval(Duration.ofSeconds(1))
        .until(() -> writesSince(Instant.now().minusSeconds(5)).isEmpty());
  }

  /** The agents' writes since a moment of this machine's clock, which the API server shares. */
  List<AuditEvent> writesSince(Instant moment) {
    return testbed.writesBy(AgentInstallation.USER, moment);
  }

  /** How often each object was written, "resource/name". */
  static Map<String, Long> counts(List<AuditEvent> writes) {
    return writes.stream()
        .collect(
            Collectors.groupingBy(
                write -> write.resource() + "/" + write.name(), Collectors.counting()));
  }
}
