package io.rdmagid.e2e.cluster;

import static io.rdmagid.e2e.cluster.OperatorCluster.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.rdmagid.api.condition.Conditions;
import io.rdmagid.api.naming.RdmaGidName;
import io.rdmagid.api.v1alpha1.PoolFailoverGroup;
import io.rdmagid.api.v1alpha1.RdmaGid;
import io.rdmagid.api.v1alpha1.RdmaGidPool;
import io.rdmagid.api.v1alpha1.RdmaGidPoolStatus;
import io.rdmagid.e2e.testbed.CollectOnFailure;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Evictions, against a real API server and its disruption budgets. */
class OperatorFailoverTest {
  private static final String NAMESPACE = "default";

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private static Path folder;

  private static OperatorCluster cluster;

  @RegisterExtension
  private final CollectOnFailure diagnostics = CollectOnFailure.of(cluster.controlPlane());

  @BeforeAll
  static void start() {
    cluster = OperatorCluster.start(folder);
    for (String namespace : List.of(NAMESPACE, OperatorCluster.NAMESPACE)) {
      eventually(() ->
          assertThat(
                  cluster
                      .client()
                      .serviceAccounts()
                      .inNamespace(namespace)
                      .withName("default")
                      .get())
              .as("without it no pod is admitted")
              .isNotNull());
    }
    apply(
        """
        apiVersion: apps/v1
        kind: DaemonSet
        metadata: {name: rdmagid-agent, namespace: %1$s, labels: {app.kubernetes.io/name: rdmagid-agent}}
        spec:
          selector: {matchLabels: {app: nobody}}
          template:
            metadata: {labels: {app: nobody}}
            spec: {nodeSelector: {rdmagid.io/none: here}, containers: [{name: agent, image: agent}]}
        """
            .formatted(OperatorCluster.NAMESPACE));
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  private static OperatorProcess operator() {
    return cluster.operator("failover", "--failover=true");
  }

  @Test
  void aBrokenPodIsEvictedAndOneOfAPoolThatRefreshesIsNot() {
    agent("evict-n", true);
    pool("evict", "Evict");
    pool("refresh", "Refresh");
    String uid = pod("evict-0", "evict");
    pod("refresh-0", "refresh");
    assign("evict-0", "evict-n", "evict", "none");
    assign("refresh-0", "evict-n", "refresh", "none");
    try (OperatorProcess _ = operator()) {
      eventually(() -> assertThat(pod("evict-0")).isNull());
      assertThat(events(uid)).contains("EvictionPlanned", "EvictedForFailover");
      assertThat(pod("refresh-0")).isNotNull();
      assertThat(status("refresh").failover()).isNull();
    }
  }

  @Test
  void aDisruptionBudgetBlocks() {
    agent("budget-n", true);
    pool("budget", "Evict");
    String uid = pod("budget-0", "budget");
    apply(
        """
        apiVersion: policy/v1
        kind: PodDisruptionBudget
        metadata: {name: budget, namespace: default}
        spec: {minAvailable: 1, selector: {matchLabels: {rdmagid.io/group: budget}}}
        """);
    eventually(() ->
        assertThat(
                cluster
                    .client()
                    .policy()
                    .v1()
                    .podDisruptionBudget()
                    .inNamespace(NAMESPACE)
                    .withName("budget")
                    .get()
                    .getStatus()
                    .getCurrentHealthy())
            .isEqualTo(1));
    assign("budget-0", "budget-n", "budget", "none");
    try (OperatorProcess _ = operator()) {
      eventually(() -> assertThat(events(uid)).contains("EvictionBlocked"));
      eventually(() ->
          assertThat(status("budget").failover().groups())
              .singleElement()
              .extracting(PoolFailoverGroup::reason)
              .isEqualTo("DisruptionBudget"));
      assertThat(pod("budget-0")).isNotNull();

      String _ = kubectl("delete", "poddisruptionbudget", "budget");
      eventually(() -> assertThat(pod("budget-0")).isNull());
    }
  }

  /** As an operator leaves it that is killed after it evicted one pod of two. */
  @Test
  void whatAnotherOperatorStartedIsFinished() {
    agent("finish-n", true);
    pool("finish", "EvictGroup");
    String evicted = pod("finish-0", "finish");
    String left = pod("finish-1", "finish");
    assign("finish-1", "finish-n", "finish", "current");
    String _ = kubectl("delete", "pod", "finish-0", "--force", "--grace-period=0");
    String again = pod("finish-0", "finish");
    patchStatus(
        "rdmagidpool",
        "finish",
        """
        {"failover":{"window":"%1$s","evictions":1,"groups":[{"uid":"default/finish","phase":"Evicting",
          "since":"%1$s","pods":[{"namespace":"default","name":"finish-0","uid":"%2$s"},
            {"namespace":"default","name":"finish-1","uid":"%3$s"}]}]}}
        """
            .formatted(Instant.now(), evicted, left));
    try (OperatorProcess _ = operator()) {
      eventually(() -> assertThat(pod("finish-1")).isNull());
      assertThat(pod("finish-0").getMetadata().getUid())
          .as("the pod that came back is another")
          .isEqualTo(again);
    }
  }

  @Test
  void onANodeWhoseAgentIsNotReadyNothingIsEvicted() {
    agent("away-n", false);
    agent("there-n", true);
    cluster.port("away-n", "away_0", "::ffff:10.0.0.1");
    pool("away", "Evict");
    pod("away-0", "away");
    pod("away-1", "away");
    assign("away-0", "away-n", "away", "none");
    try (OperatorProcess _ = operator()) {
      eventually(() ->
          assertThat(
                  Conditions.find(
                      cluster
                          .client()
                          .resources(RdmaGid.class)
                          .withName(RdmaGidName.of("away-n", "away_0", 1))
                          .get()
                          .getStatus()
                          .conditions(),
                      "Reporting"))
              .hasValueSatisfying(
                  condition -> assertThat(condition.getStatus()).isEqualTo("False")));
      assign("away-1", "there-n", "away", "none");
      eventually(() -> assertThat(pod("away-1")).isNull());
      assertThat(pod("away-0")).isNotNull();
    }
  }

  /**
   * A node with an agent's pod; one that is not ready has not been for a minute. Nobody keeps the
   * node alive, so it is of use for the minute or so that the server waits.
   */
  private static void agent(String node, boolean ready) {
    apply(
        """
        apiVersion: v1
        kind: Node
        metadata: {name: %s}
        """
            .formatted(node));
    apply(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: agent-%1$s, namespace: %2$s, labels: {app.kubernetes.io/name: rdmagid-agent}}
        spec: {nodeName: %1$s, containers: [{name: agent, image: agent}]}
        """
            .formatted(node, OperatorCluster.NAMESPACE));
    String _ =
        kubectl(
            "patch",
            "pod",
            "agent-" + node,
            "--namespace=" + OperatorCluster.NAMESPACE,
            "--subresource=status",
            "--type=merge",
            "-p",
            "{\"status\":{\"phase\":\"Running\",\"conditions\":[%s]}}"
                .formatted(readiness(ready, Instant.now().minusSeconds(60))));
  }

  private static String readiness(boolean ready, Instant since) {
    return "{\"type\":\"Ready\",\"status\":\"%s\",\"lastTransitionTime\":\"%s\"}"
        .formatted(ready ? "True" : "False", since.truncatedTo(ChronoUnit.SECONDS));
  }

  private static void pool(String name, String action) {
    apply(
        """
        apiVersion: rdmagid.io/v1alpha1
        kind: RdmaGidPool
        metadata: {name: %1$s}
        spec: {ports: [{names: [%1$s_*]}], failover: {onGidChange: %2$s, gracePeriodSeconds: 1}}
        """
            .formatted(name, action));
  }

  /** A pod that runs, for all that the server knows, on no node; returns its uid. */
  private static String pod(String name, String group) {
    apply(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s, namespace: default, labels: {rdmagid.io/group: %s}}
        spec: {schedulerName: nobody, containers: [{name: train, image: train}]}
        """
            .formatted(name, group));
    patchStatus(
        "pod",
        name,
        "{\"phase\":\"Running\",\"conditions\":[%s]}".formatted(readiness(true, Instant.now())));
    return pod(name).getMetadata().getUid();
  }

  /** What the pod's agent would write. */
  private static void assign(String pod, String node, String pool, String state) {
    apply(
        """
        apiVersion: rdmagid.io/v1alpha1
        kind: RdmaGidAssignment
        metadata:
          name: %1$s
          namespace: default
          ownerReferences: [{apiVersion: v1, kind: Pod, name: %1$s, uid: %3$s}]
        spec: {nodeName: %2$s, podUID: %3$s}
        """
            .formatted(pod, node, pod(pod).getMetadata().getUid()));
    String choice =
        state.equals("current")
            ? "\"gidIndex\":3,\"gid\":\"::ffff:10.0.0.1\",\"type\":\"RoCEv2\","
            : "";
    patchStatus(
        "rdmagidassignment",
        pod,
        """
        {"ports":[{"container":"train","pool":"%s","device":"mlx5_0","port":1,"scope":"Pod",%s
          "state":"%s","generation":2,"ruleRevision":1,"selectorVersion":1}]}
        """
            .formatted(pool, choice, state));
  }

  private static Pod pod(String name) {
    return cluster.client().pods().inNamespace(NAMESPACE).withName(name).get();
  }

  private static RdmaGidPoolStatus status(String pool) {
    return cluster.client().resources(RdmaGidPool.class).withName(pool).get().getStatus();
  }

  private static List<String> events(String podUid) {
    return cluster.client().events().v1().events().inNamespace(NAMESPACE).list().getItems().stream()
        .filter(event -> podUid.equals(event.getRegarding().getUid()))
        .map(Event::getReason)
        .toList();
  }

  private static void apply(String yaml) {
    String _ = cluster.controlPlane().kubectl().apply(yaml);
  }

  private static String kubectl(String... words) {
    return cluster.controlPlane().kubectl().kubectl(words);
  }

  private static void patchStatus(String kind, String name, String status) {
    String _ =
        kubectl(
            "patch",
            kind,
            name,
            "--subresource=status",
            "--type=merge",
            "-p",
            "{\"status\":" + status + "}");
  }
}
