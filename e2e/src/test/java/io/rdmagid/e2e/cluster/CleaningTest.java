package io.rdmagid.e2e.cluster;

import static io.rdmagid.e2e.cluster.OperatorCluster.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.rdmagid.api.naming.RdmaGidName;
import io.rdmagid.api.v1alpha1.RdmaGid;
import io.rdmagid.api.v1alpha1.RdmaGidAssignment;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is left of Nodes and pods that are gone, against a real API server. */
class CleaningTest extends OnOperatorCluster {
  private static final String NAMESPACE = "default";

  @BeforeAll
  static void start() {
    cluster = OperatorCluster.start(folder);
    cluster.awaitPodsTaken(NAMESPACE);
  }

  /** Nobody owns any of the objects, so that the garbage collector leaves them alone. */
  @Test
  void whatIsLeftIsDeletedAndWhatIsOfUseStays() {
    apply("{apiVersion: v1, kind: Node, metadata: {name: there-n}}");
    cluster.port("gone-n", "mlx5_0", "::ffff:10.0.0.1");
    cluster.port("there-n", "mlx5_0", "::ffff:10.0.0.2");
    String running = pod("running", "Running");
    String ended = pod("ended", "Succeeded");
    String released = pod("released", "Succeeded");
    String _ = pod("another", "Running");
    assign("running", running, "current");
    assign("ended", ended, "current");
    assign("released", released, "released");
    assign("another", "00000000-0000-0000-0000-000000000000", "current");
    assign("absent", "00000000-0000-0000-0000-000000000000", "current");

    try (OperatorProcess operator = cluster.operator("cleaning")) {
      eventually(() -> assertThat(gid("gone-n")).isNull());
      eventually(() -> assertThat(assignment("another")).isNull());
      eventually(() -> assertThat(assignment("absent")).isNull());
      eventually(() -> assertThat(assignment("ended")).isNull());

      eventually(() ->
          assertThat(operator.metrics())
              .containsPattern("rdmagid_leftovers_deleted_total\\{kind=\"RdmaGid\"} 1(\\.0)?\\R")
              .containsPattern(
                  "rdmagid_leftovers_deleted_total\\{kind=\"RdmaGidAssignment\"} 3(\\.0)?\\R"));
      assertThat(gid("there-n")).isNotNull();
      assertThat(assignment("running")).isNotNull();
      assertThat(assignment("released")).as("what a pod had that has ended").isNotNull();
    }
  }

  private static KubernetesClient client() {
    return cluster.client();
  }

  /** Returns its uid. */
  private static String pod(String name, String phase) {
    apply(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s, namespace: default}
        spec: {schedulerName: nobody, containers: [{name: train, image: train}]}
        """
            .formatted(name));
    cluster.patchStatus("pod", name, "{\"phase\":\"%s\"}".formatted(phase));
    return client().pods().inNamespace(NAMESPACE).withName(name).get().getMetadata().getUid();
  }

  private static void assign(String pod, String uid, String state) {
    apply(
        """
        apiVersion: rdmagid.io/v1alpha1
        kind: RdmaGidAssignment
        metadata: {name: %s, namespace: default}
        spec: {nodeName: there-n, podUID: %s}
        """
            .formatted(pod, uid));
    String choice =
        state.equals("current")
            ? "\"gidIndex\":3,\"gid\":\"::ffff:10.0.0.1\",\"type\":\"RoCEv2\","
            : "";
    cluster.patchStatus(
        "rdmagidassignment",
        pod,
        """
        {"ports":[{"container":"train","pool":"rails","device":"mlx5_0","port":1,"scope":"Pod",%s
          "state":"%s","generation":2,"ruleRevision":1,"selectorVersion":1}]}
        """
            .formatted(choice, state));
  }

  private static RdmaGid gid(String node) {
    return client().resources(RdmaGid.class).withName(RdmaGidName.of(node, "mlx5_0", 1)).get();
  }

  private static RdmaGidAssignment assignment(String pod) {
    return client().resources(RdmaGidAssignment.class).inNamespace(NAMESPACE).withName(pod).get();
  }

  private static void apply(String yaml) {
    String _ = cluster.controlPlane().kubectl().apply(yaml);
  }
}
