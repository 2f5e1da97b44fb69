package io.rdmagid.e2e.cluster;

import static io.rdmagid.e2e.cluster.OperatorCluster.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.rdmagid.api.naming.FieldManagers;
import io.rdmagid.api.naming.RdmaGidName;
import io.rdmagid.e2e.agent.RecordingFile;
import io.rdmagid.e2e.testbed.User;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * This version's agent and operator beside the next one's, against a real API server with the next
 * one's CRDs: a status has a field more of the agent's, and one of the operator's.
 */
class VersionSkewTest extends OnOperatorCluster {
  private static final String API = "rdmagid.io/v1alpha1";
  private static final String ASSIGNMENT = "RdmaGidAssignment";
  private static final String AGENT = "agent";
  private static final String OF_AGENT = "nextOfAgent";
  private static final String OF_OPERATOR = "nextOfOperator";
  private static final String MORE =
      """
      %1$s: there, conditions: [{type: %1$s, status: "True", reason: Next, message: next,
        lastTransitionTime: "2026-01-01T12:00:00Z"}]\
      """;

  private static FailoverObjects objects;

  @BeforeAll
  static void start() {
    cluster = OperatorCluster.start(folder, new User(AGENT, AGENT, List.of("system:masters")));
    addFields("rdmagids");
    addFields("rdmagidpools");
    addFields("rdmagidassignments");
    objects = new FailoverObjects(cluster);
    objects.prepare();
    apply("RdmaGid", "probe", "{nodeName: probe, device: probe, port: 1}");
    apply("RdmaGidPool", "probe", "{ports: [{names: [probe]}]}");
    apply(ASSIGNMENT, "probe", "{nodeName: probe, podUID: probe}");
    // A CRD counts a moment after it was changed.
    for (String kind : List.of("RdmaGid", "RdmaGidPool", ASSIGNMENT)) {
      eventually(() -> {
        applyStatus(FieldManagers.AGENT, kind, "probe", "{" + OF_AGENT + ": there}");
        assertThat(status(kind, "probe", OF_AGENT)).isEqualTo("there");
      });
    }
  }

  @Test
  void anAgentTakesAwayWhatTheNextAgentWroteAndNothingElse() {
    String port = port("skew-n", "mlx5_0");
    applyStatus(FieldManagers.OPERATOR, "RdmaGid", port, "{" + MORE.formatted(OF_OPERATOR) + "}");
    RecordingFile recording = new RecordingFile(folder.resolve("skew-n.json"));
    recording.write(1);

    try (AgentProcess _ =
        AgentProcess.start(
            folder,
            cluster.controlPlane().kubeconfig(AGENT),
            "--node-name=skew-n",
            "--recording=" + recording.file(),
            "--management-address=127.0.0.1:0")) {
      eventually(
          () -> assertThat(status("RdmaGid", port, "preferred", "address")).isEqualTo("10.0.0.1"));
      assertThat(status("RdmaGid", port, OF_AGENT)).isNull();
      assertThat(status("RdmaGid", port, OF_OPERATOR)).isEqualTo("there");
      assertThat(conditions("RdmaGid", port))
          .contains("Ready", OF_OPERATOR)
          .doesNotContain(OF_AGENT);
    }
  }

  @Test
  void anOperatorTakesAwayWhatTheNextOperatorWroteAndNothingElse() {
    String port = port("skew-o", "skew_0");
    objects.agent("skew-o", true);
    apply("RdmaGidPool", "skew", "{ports: [{names: [skew_*]}]}");
    applyStatus(
        FieldManagers.OPERATOR, "RdmaGidPool", "skew", "{%s: there}".formatted(OF_OPERATOR));
    // Failover has a field manager of its own, which has nothing to write of this pool.
    applyStatus(FieldManagers.FAILOVER, "RdmaGidPool", "skew", "{%s: there}".formatted(OF_AGENT));

    try (OperatorProcess _ = cluster.operator()) {
      eventually(() -> assertThat(conditions("RdmaGid", port)).contains("Reporting", OF_AGENT));
      assertThat(status("RdmaGid", port, OF_AGENT)).isEqualTo("there");
      eventually(() -> assertThat(status("RdmaGidPool", "skew", "ports")).isEqualTo(1));
      assertThat(status("RdmaGidPool", "skew", OF_OPERATOR)).isNull();
      assertThat(status("RdmaGidPool", "skew", OF_AGENT)).isEqualTo("there");
    }
  }

  @Test
  void anOperatorTakesAwayWhatTheNextOperatorWroteOfAJobsPodAndNothingElse() {
    apply(
        ASSIGNMENT,
        "skew-0",
        "{nodeName: skew-o, podUID: %s}".formatted(objects.pod("skew-0", "skew")));
    applyStatus(
        FieldManagers.AGENT,
        ASSIGNMENT,
        "skew-0",
        """
        {%s, ports: [{container: train, pool: rails, device: mlx5_0, port: 1, gidIndex: 1,
          gid: "::ffff:10.0.0.9", type: RoCEv2, netdev: net1, scope: Pod, state: current, generation: 1,
          ruleRevision: 1, selectorVersion: 1}]}\
        """
            .formatted(MORE.formatted(OF_AGENT)));
    applyStatus(
        FieldManagers.OPERATOR, ASSIGNMENT, "skew-0", "{" + MORE.formatted(OF_OPERATOR) + "}");

    try (OperatorProcess _ = cluster.operator()) {
      eventually(() ->
          assertThat(conditions(ASSIGNMENT, "skew-0"))
              .containsExactlyInAnyOrder("GroupConsistent", OF_AGENT));
      assertThat(status(ASSIGNMENT, "skew-0", OF_AGENT)).isEqualTo("there");
      assertThat(status(ASSIGNMENT, "skew-0", OF_OPERATOR)).isNull();
    }
  }

  /** As the next agent of a new node writes its port. */
  private static String port(String node, String device) {
    kubectlApply("{apiVersion: v1, kind: Node, metadata: {name: %s}}".formatted(node));
    String name = RdmaGidName.of(node, device, 1);
    apply("RdmaGid", name, "{nodeName: %s, device: %s, port: 1}".formatted(node, device));
    applyStatus(
        FieldManagers.AGENT,
        "RdmaGid",
        name,
        """
        {linkLayer: Ethernet, state: ACTIVE, %s, gids:
          [{index: 1, gid: "::ffff:10.0.0.9", type: RoCEv2, netdev: ens0, ifindex: 2}]}\
        """
            .formatted(MORE.formatted(OF_AGENT)));
    return name;
  }

  private static void addFields(String plural) {
    String add =
        """
        {"op": "add", "value": {"type": "string"},
         "path": "/spec/versions/0/schema/openAPIV3Schema/properties/status/properties/%s"}\
        """;
    String _ =
        cluster
            .controlPlane()
            .kubectl()
            .kubectl(
                "patch",
                "crd",
                plural + ".rdmagid.io",
                "--type=json",
                "-p",
                "[" + add.formatted(OF_AGENT) + "," + add.formatted(OF_OPERATOR) + "]");
  }

  private static void apply(String kind, String name, String spec) {
    kubectlApply(
        """
        apiVersion: %s
        kind: %s
        metadata: %s
        spec: %s
        """
            .formatted(API, kind, metadata(kind, name), spec));
  }

  /** Of our kinds one has a namespace. */
  private static String metadata(String kind, String name) {
    return "{name: %s%s}"
        .formatted(
            name, kind.equals(ASSIGNMENT) ? ", namespace: " + FailoverObjects.NAMESPACE : "");
  }

  private static void kubectlApply(String yaml) {
    String _ = cluster.controlPlane().kubectl().apply(yaml);
  }

  /** As one of rdmagid's processes does: what its manager applied before and is not in it goes. */
  private static void applyStatus(String manager, String kind, String name, String status) {
    PatchContext apply =
        new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager(manager)
            .withForce(true)
            .build();
    GenericKubernetesResource object =
        Serialization.unmarshal(
            """
            apiVersion: %s
            kind: %s
            metadata: %s
            status: %s
            """
                .formatted(API, kind, metadata(kind, name), status),
            GenericKubernetesResource.class);
    GenericKubernetesResource _ =
        cluster
            .client()
            .genericKubernetesResources(API, kind)
            .resource(object)
            .subresource("status")
            .patch(apply);
  }

  /** A value in the status; null where there is none. */
  private static Object status(String kind, String name, String... path) {
    var kinds = cluster.client().genericKubernetesResources(API, kind);
    GenericKubernetesResource object =
        (kind.equals(ASSIGNMENT) ? kinds.inNamespace(FailoverObjects.NAMESPACE) : kinds)
            .withName(name)
            .get();
    Object[] whole = new Object[path.length + 1];
    whole[0] = "status";
    System.arraycopy(path, 0, whole, 1, path.length);
    return object.get(whole);
  }

  /** The types of an object's conditions. */
  private static List<String> conditions(String kind, String name) {
    return status(kind, name, "conditions") instanceof List<?> conditions
        ? conditions.stream()
            .map(condition -> String.valueOf(((Map<?, ?>) condition).get("type")))
            .toList()
        : List.of();
  }
}
