package io.rdmagid.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.rdmagid.api.condition.Conditions;
import io.rdmagid.api.naming.NodeMetadata;
import io.rdmagid.api.naming.RdmaGidName;
import io.rdmagid.api.v1alpha1.LibraryPick;
import io.rdmagid.api.v1alpha1.RdmaGid;
import io.rdmagid.deviceplugin.cluster.NodeEvents;
import io.rdmagid.deviceplugin.workload.NodeNotice;
import io.rdmagid.e2e.agent.RecordingFile;
import io.rdmagid.e2e.testbed.AuditEvent;
import io.rdmagid.e2e.testbed.CollectOnFailure;
import io.rdmagid.e2e.testbed.ControlPlane;
import io.rdmagid.e2e.testbed.User;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Agents on recordings against a real API server, with the garbage collector of a real controller
 * manager.
 */
class RecordingAgentsTest {
  private static final String AGENT = "agent";
  private static final Duration GUARD = Duration.ofMinutes(2);

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private static Path folder;

  private static ControlPlane controlPlane;
  private static KubernetesClient client;

  @RegisterExtension private final CollectOnFailure diagnostics = CollectOnFailure.of(controlPlane);

  @BeforeAll
  static void start() {
    controlPlane =
        ControlPlane.start(
            folder.resolve("control-plane"), new User(AGENT, AGENT, List.of("system:masters")));
    controlPlane.applyCrds();
    client = controlPlane.kubectl().client();
  }

  @AfterAll
  static void stop() {
    client.close();
    controlPlane.stop();
  }

  @Test
  void twoPortsOfTwoNodesAndANodeThatIsMadeAgain() {
    RecordingFile one = recording("one");
    RecordingFile two = recording("two");
    one.write(1, 1);
    two.write(2, 2);
    String uid = createNode("one");
    String _ = createNode("two");
    try (AgentProcess _ = agent("one", one);
        AgentProcess _ = agent("two", two)) {
      eventually(() ->
          assertThat(addresses("one"))
              .isEqualTo(Map.of("mlx5_0", "10.0.0.1", "mlx5_1", "10.1.0.1")));
      eventually(() ->
          assertThat(addresses("two"))
              .isEqualTo(Map.of("mlx5_0", "10.0.0.2", "mlx5_1", "10.1.0.2")));
      eventually(() -> {
        var node = client.nodes().withName("one").get().getMetadata();
        assertThat(node.getLabels())
            .containsEntry(NodeMetadata.PORTS_LABEL, "2")
            .containsEntry(NodeMetadata.ROCE_V2_LABEL, "true");
        assertThat(node.getAnnotations().get(NodeMetadata.GIDS_ANNOTATION)).contains("10.1.0.1");
      });
      assertThat(owners("one")).containsOnly(uid);
      assertThat(objects("one"))
          .allSatisfy(object -> {
            assertThat(object.getStatus().picks())
                .extracting(LibraryPick::library, LibraryPick::index)
                // UCX leaves out a port whose slot 0 is empty.
                .contains(tuple("nccl", 3), tuple("ucx", null));
            assertThat(Conditions.find(object.getStatus().conditions(), "LibrariesAgree"))
                .hasValueSatisfying(agree -> assertThat(agree.getStatus()).isEqualTo("True"));
          });

      var _ = client.nodes().withName("one").delete();
      eventually(() -> assertThat(objects("one")).isEmpty());
      String again = createNode("one");
      assertThat(again).isNotEqualTo(uid);
      eventually(() ->
          assertThat(addresses("one"))
              .isEqualTo(Map.of("mlx5_0", "10.0.0.1", "mlx5_1", "10.1.0.1")));
      assertThat(owners("one")).containsOnly(again);
      assertThat(addresses("two")).hasSize(2);

      one.write(9);
      eventually(() -> assertThat(addresses("one")).isEqualTo(Map.of("mlx5_0", "10.0.0.9")));
    }
  }

  @Test
  void aKilledAgentComesBackWithoutAWrite() {
    RecordingFile recording = recording("killed");
    recording.write(1, 1);
    String _ = createNode("killed");
    try (AgentProcess first = agent("killed", recording)) {
      eventually(() -> assertThat(writes("killed")).containsKey("nodes/killed"));
      first.kill();
    }
    Instant start = Instant.now();
    try (AgentProcess _ = agent("killed", recording)) {
      // A change after the restart shows that the agent has read what the server had.
      recording.write(1, 8);
      eventually(() -> assertThat(addresses("killed")).containsEntry("mlx5_1", "10.1.0.8"));
      eventually(() -> assertThat(writes("killed", start)).containsKey("nodes/killed"));
      assertThat(writes("killed", start))
          .isEqualTo(
              Map.of("rdmagids/" + RdmaGidName.of("killed", "mlx5_1", 1), 1L, "nodes/killed", 1L));
    }
  }

  @Test
  void aNodeThatIsNotRegisteredIsWaitedFor() {
    RecordingFile recording = recording("late");
    recording.write(1);
    try (AgentProcess agent = agent("late", recording)) {
      eventually(() -> assertThat(agent.log()).contains("Node not registered"));
      assertThat(objects("late")).isEmpty();
      String _ = createNode("late");
      eventually(() -> assertThat(addresses("late")).hasSize(1));
    }
  }

  @Test
  void anObjectFromTheFutureDoesNotStopTheAgentOrAnInformer() {
    RecordingFile recording = recording("future");
    recording.write(1);
    String _ = createNode("future");
    String name = RdmaGidName.of("future", "mlx5_0", 1);
    String _ =
        controlPlane
            .kubectl()
            .apply(
                """
                apiVersion: rdmagid.io/v1alpha1
                kind: RdmaGid
                metadata: {name: %s}
                spec: {nodeName: future, device: mlx5_0, port: 1}
                """
                    .formatted(name));
    String _ =
        controlPlane
            .kubectl()
            .kubectl(
                "patch",
                "rdmagid",
                name,
                "--subresource=status",
                "--type=merge",
                "-p",
                "{\"status\":{\"state\":\"QUANTUM\",\"linkLayer\":\"Warp\",\"gids\":[{\"index\":1,\"gid\":\"::1\",\"type\":\"RoCEv9\"}]}}");
    var informer = client.resources(RdmaGid.class).inform();
    try (AgentProcess _ = agent("future", recording)) {
      eventually(() -> assertThat(addresses("future")).isEqualTo(Map.of("mlx5_0", "10.0.0.1")));
      eventually(() ->
          assertThat(informer.getStore().list())
              .filteredOn(object -> object.getMetadata().getName().equals(name))
              .singleElement()
              .satisfies(object -> assertThat(object.getStatus().preferred()).isNotNull()));
      assertThat(informer.isWatching()).isTrue();
    } finally {
      informer.close();
    }
  }

  @Test
  void aNoticeShowsWithTheNode() {
    String _ = createNode("told");
    NodeEvents events = new NodeEvents(client, "told", Clock.systemUTC());
    Thread thread = Thread.ofPlatform().start(events);
    try {
      events.tell(
          new NodeNotice(true, "DevicePluginNotRegistered", "Register", "New pods get no device"));
      eventually(() ->
          assertThat(controlPlane.kubectl().kubectl("describe", "node", "told"))
              .containsPattern("Warning +DevicePluginNotRegistered .*New pods get no device"));
    } finally {
      thread.interrupt();
    }
  }

  @Test
  void badOptionsStopTheAgentWithEveryProblem() {
    try (AgentProcess agent =
        AgentProcess.start(
            folder,
            controlPlane.kubeconfig(AGENT),
            "--node-name=Node_A",
            "--resync=soon",
            "--colour=red",
            "--recording=/nowhere.json",
            "--log-level=loud",
            "--management-address=here")) {
      assertThat(agent.awaitEnd()).isEqualTo(2);
      assertThat(agent.log())
          .contains(
              "--node-name",
              "--resync",
              "--colour",
              "--recording",
              "--log-level",
              "--management-address");
    }
  }

  private static RecordingFile recording(String node) {
    return new RecordingFile(folder.resolve(node + ".json"));
  }

  private static AgentProcess agent(String node, RecordingFile recording) {
    return AgentProcess.start(
        folder,
        controlPlane.kubeconfig(AGENT),
        "--node-name=" + node,
        "--recording=" + recording.file(),
        "--management-address=127.0.0.1:0");
  }

  private static String createNode(String name) {
    return client
        .resource(new NodeBuilder().withNewMetadata().withName(name).endMetadata().build())
        .create()
        .getMetadata()
        .getUid();
  }

  private static List<RdmaGid> objects(String node) {
    return client.resources(RdmaGid.class).withField("spec.nodeName", node).list().getItems();
  }

  private static Map<String, String> addresses(String node) {
    Map<String, String> addresses = new HashMap<>();
    for (RdmaGid object : objects(node)) {
      var status = object.getStatus();
      var preferred = status == null ? null : status.preferred();
      addresses.put(object.getSpec().device(), preferred == null ? "" : preferred.address());
    }
    return addresses;
  }

  private static List<String> owners(String node) {
    return objects(node).stream()
        .flatMap(object -> object.getMetadata().getOwnerReferences().stream())
        .map(owner -> owner.getUid())
        .toList();
  }

  private static Map<String, Long> writes(String node) {
    return writes(node, Instant.EPOCH);
  }

  private static Map<String, Long> writes(String node, Instant since) {
    return controlPlane.writesBy(AGENT, since).stream()
        .filter(write -> write.name().startsWith(node))
        .collect(Collectors.groupingBy(RecordingAgentsTest::key, Collectors.counting()));
  }

  private static String key(AuditEvent write) {
    return write.resource() + "/" + write.name();
  }

  private static void eventually(ThrowingRunnable assertion) {
    await().atMost(GUARD).pollInterval(Duration.ofMillis(200)).untilAsserted(assertion);
  }
}
