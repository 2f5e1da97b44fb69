package io.rdmagid.e2e.cluster;

import static io.rdmagid.e2e.cluster.OperatorCluster.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import io.rdmagid.api.naming.RdmaGidName;
import io.rdmagid.api.v1alpha1.RdmaGidAssignment;
import io.rdmagid.api.v1alpha1.RdmaGidPool;
import io.rdmagid.assignment.AssignmentState;
import io.rdmagid.e2e.testbed.AuditEvent;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The status of pools against a real API server, with the access that the chart gives. */
class OperatorPoolsTest extends OnOperatorCluster {
  private static final String IPV4 = "::ffff:10.0.0.1";
  private static final String IPV6 = "fd00::1";

  private static PoolObjects pools;

  @BeforeAll
  static void start() {
    cluster = OperatorCluster.start(folder);
    pools = new PoolObjects(cluster);
  }

  @AfterEach
  void removePools() {
    cluster.client().resources(RdmaGidAssignment.class).inAnyNamespace().delete();
    for (RdmaGidPool pool : cluster.client().resources(RdmaGidPool.class).list().getItems()) {
      // No operator runs that would take its finalizer away.
      cluster
          .client()
          .resource(pool)
          .edit(held -> {
            held.getMetadata().setFinalizers(List.of());
            return held;
          });
      cluster.client().resource(pool).delete();
    }
  }

  @Test
  void aPublishedRuleChangesWithTheSpecOnly() {
    cluster.port("rule-a", "rule_0", IPV4);
    cluster.port("rule-b", "rule_0", IPV4);
    pools.pool("rule", "{ports: [{names: [rule_*]}], gid: {scope: Host}}");
    try (OperatorProcess _ = cluster.operator()) {
      eventually(() -> pools.assertRule("rule", "IPv4", 1, 1));
      assertThat(pools.status("rule").ports()).isEqualTo(2);
      assertThat(pools.status("rule").healthy()).isEqualTo(2);
      pools.assertCondition("rule", "Accepted", "True", "Accepted", "rdmagid.io/rule");

      cluster.port("rule-a", "rule_0", IPV6);
      cluster.port("rule-b", "rule_0", IPV6);
      eventually(() ->
          pools.assertCondition("rule", "Degraded", "True", "PortsCannotServe", "rule-b/rule_0/1"));
      pools.assertRule("rule", "IPv4", 1, 1);
      assertThat(pools.status("rule").healthy()).isZero();

      pools.pool("rule", "{ports: [{names: [rule_*]}], gid: {scope: Host, allowLinkLocal: true}}");
      eventually(() -> pools.assertRule("rule", "IPv6", 2, 2));
      eventually(() -> pools.assertCondition("rule", "Degraded", "False", "AllPortsServe", ""));
    }
  }

  /** By the API server's own count. */
  @Test
  void theOperatorsRequestsHaveAPriorityLevelOfTheirOwn() {
    String _ =
        cluster
            .controlPlane()
            .kubectl()
            .apply(OperatorCluster.ofTheChart("operator-flowschema.yaml"));
    try (OperatorProcess _ = cluster.operator()) {
      eventually(() ->
          assertThat(cluster.controlPlane().kubectl().kubectl("get", "--raw", "/metrics").lines())
              .filteredOn(
                  line -> line.startsWith("apiserver_flowcontrol_dispatched_requests_total{"))
              .filteredOn(line -> line.contains("priority_level=\"rdmagid-operator\""))
              .singleElement()
              .asString()
              .contains("flow_schema=\"rdmagid-operator\"")
              .doesNotEndWith(" 0"));
    }
  }

  @Test
  void aYoungerPoolLosesPortAndResourceName() {
    cluster.port("conflict-a", "conflict_0", IPV4);
    // Made in the same second, the name decides.
    pools.pool("conflict-1", "{ports: [{names: [conflict_*]}]}");
    pools.pool("conflict-2", "{ports: [{}]}");
    pools.pool("conflict-3", "{resourceName: rdmagid.io/conflict-1, ports: [{names: [other_*]}]}");
    try (OperatorProcess _ = cluster.operator()) {
      eventually(() ->
          pools.assertCondition(
              "conflict-2",
              "Conflict",
              "True",
              "OlderPoolWins",
              "conflict-a/conflict_0/1 belongs to pool conflict-1"));
      eventually(() ->
          pools.assertCondition(
              "conflict-3", "Accepted", "False", "DuplicateResourceName", "conflict-1"));
      eventually(() -> pools.assertCondition("conflict-1", "Conflict", "False", "NoConflict", ""));

      cluster.client().resources(RdmaGidPool.class).withName("conflict-1").delete();
      eventually(() -> pools.assertCondition("conflict-2", "Conflict", "False", "NoConflict", ""));
      eventually(() -> pools.assertCondition("conflict-3", "Accepted", "True", "Accepted", ""));
    }
  }

  @Test
  void aPoolThatPodsHoldPortsOfStaysUntilTheyAreGone() {
    cluster.port("held-a", "held_0", IPV4);
    cluster.port("held-b", "held_1", IPV4);
    pools.pool("held", "{ports: [{names: [held_*]}]}");
    pools.hold("held-first", "held", "held-a", "held_0");
    pools.hold("held-second", "held", "held-b", "held_1");
    try (OperatorProcess _ = cluster.operator()) {
      eventually(() -> assertThat(pools.status("held").allocated()).isEqualTo(2));
      eventually(() -> pools.assertRule("held", "IPv4", 1, 1));
      eventually(() -> assertThat(pools.finalizers("held")).containsExactly(RdmaGidPool.HELD));

      cluster.client().resources(RdmaGidPool.class).withName("held").delete();
      eventually(() ->
          pools.assertCondition(
              "held", "Accepted", "False", "BeingDeleted", "held-a/held_0/1, held-b"));
      pools.assertRule("held", "IPv4", 1, 1);

      pools.hold("held-first", "held", "held-a", "held_0", AssignmentState.RELEASED);
      eventually(() ->
          assertThat(pools.condition("held", "Accepted").getMessage())
              .endsWith(": held-b/held_1/1"));
      assertThat(pools.status("held").allocated()).isEqualTo(1);

      String _ =
          cluster.controlPlane().kubectl().kubectl("delete", "rdmagidassignment", "held-second");
      eventually(() ->
          assertThat(cluster.client().resources(RdmaGidPool.class).withName("held").get())
              .isNull());
    }
  }

  @Test
  void aPoolIsFreeToGoWhenItsLastPodHasEnded() {
    cluster.port("free-a", "free_0", IPV4);
    pools.pool("free", "{ports: [{names: [free_*]}]}");
    pools.hold("free", "free", "free-a", "free_0");
    try (OperatorProcess _ = cluster.operator()) {
      eventually(() -> assertThat(pools.finalizers("free")).containsExactly(RdmaGidPool.HELD));
      pools.hold("free", "free", "free-a", "free_0", AssignmentState.RELEASED);
      eventually(() -> assertThat(pools.finalizers("free")).isEmpty());
      eventually(() -> assertThat(pools.status("free").allocated()).isZero());
      eventually(() -> pools.assertRule("free", "IPv4", 1, 1));
    }
  }

  @Test
  void nodesAreSelectedByTheirLabels() {
    cluster.port("labels-a", "labels_0", IPV4);
    pools.pool(
        "labels", "{nodeSelector: {matchLabels: {gpu: h100}}, ports: [{names: [labels_*]}]}");
    try (OperatorProcess _ = cluster.operator()) {
      eventually(() -> pools.assertCondition("labels", "Degraded", "True", "NoRuleYet", "no port"));
      cluster
          .client()
          .resource(
              new NodeBuilder()
                  .withNewMetadata()
                  .withName("labels-a")
                  .addToLabels("gpu", "h100")
                  .endMetadata()
                  .build())
          .create();
      eventually(() -> pools.assertRule("labels", "IPv4", 1, 1));

      cluster
          .client()
          .nodes()
          .withName("labels-a")
          .edit(node ->
              new NodeBuilder(node).editMetadata().removeFromLabels("gpu").endMetadata().build());
      eventually(() -> assertThat(pools.status("labels").ports()).isZero());
      pools.assertRule("labels", "IPv4", 1, 1);
    }
  }

  @Test
  void nothingIsWrittenThatIsThereAlready() {
    cluster.port("idle-a", "idle_0", IPV4);
    cluster.port("idle-b", "idle_1", IPV4);
    pools.pool("idle-1", "{ports: [{names: [idle_0]}]}");
    pools.pool("idle-2", "{ports: [{names: [idle_1]}], gid: {scope: Host}}");
    try (OperatorProcess operator = cluster.operator()) {
      eventually(() -> pools.assertRule("idle-1", "IPv4", 1, 1));
      eventually(() -> pools.assertRule("idle-2", "IPv4", 1, 1));
      operator.kill();
    }
    Instant restart = Instant.now();
    try (OperatorProcess _ = cluster.operator()) {
      // Makes the operator look at both pools; one status comes out different.
      cluster.port("idle-b", "idle_1", IPV6);
      eventually(
          () -> pools.assertCondition("idle-2", "Degraded", "True", "PortsCannotServe", "idle-b"));
      eventually(() ->
          assertThat(cluster.controlPlane().writesBy(OperatorCluster.ACCOUNT, restart))
              .extracting(AuditEvent::name)
              .containsOnlyOnce("idle-2")
              .doesNotContain("idle-1"));
    }
  }

  @Test
  void objectsFromTheFutureDoNotStopTheOperator() {
    cluster.port("future-a", "future_0", IPV4);
    cluster.port("future-b", "future_1", IPV4);
    pools.pool("future", "{ports: [{names: [future_*]}]}");
    cluster.patchStatus(
        "rdmagid",
        RdmaGidName.of("future-a", "future_0", 1),
        "{\"state\":\"QUANTUM\",\"gids\":[{\"index\":1,\"gid\":\"::1\",\"type\":\"RoCEv9\"}]}");
    cluster.patchStatus(
        "rdmagidpool",
        "future",
        "{\"effective\":{\"type\":\"RoCEv9\",\"revision\":7,\"generation\":1}}");
    try (OperatorProcess operator = cluster.operator()) {
      eventually(() ->
          pools.assertCondition(
              "future", "Degraded", "True", "NotUnderstood", "patch rdmagidpool future"));
      assertThat(pools.status("future").effective())
          .satisfies(rule -> {
            assertThat(rule.type()).isEqualTo("RoCEv9");
            assertThat(rule.revision()).isEqualTo(7);
          });
      assertThat(pools.status("future").ports()).as("the one that is understood").isEqualTo(1);
      // As its condition says, where the newer operator does not come back.
      cluster.patchStatus("rdmagidpool", "future", "{\"effective\":{\"type\":null}}");
      eventually(() -> pools.assertRule("future", "IPv4", 1, 8));

      cluster.patchStatus(
          "rdmagid",
          RdmaGidName.of("future-b", "future_1", 1),
          "{\"gids\":[{\"index\":1,\"gid\":\"::1\",\"type\":\"RoCEv9\"}]}");
      eventually(() -> assertThat(pools.status("future").ports()).isZero());
      cluster.port("future-a", "future_0", IPV4);
      eventually(() -> assertThat(pools.status("future").ports()).isEqualTo(1));
      assertThat(operator.isReady()).isTrue();
    }
  }

  /** From one that crashed, and from one that ends because another has the Lease. */
  @Test
  void leadershipIsTakenOver() {
    cluster.port("lead-a", "lead_0", IPV4);
    try (OperatorProcess first = cluster.operator("operator-1")) {
      pools.pool("lead-1", "{ports: [{names: [lead_0]}]}");
      eventually(() -> pools.assertRule("lead-1", "IPv4", 1, 1));
      try (OperatorProcess second = cluster.operator("operator-2")) {
        first.kill();
        pools.pool("lead-2", "{ports: [{names: [lead_1]}]}");
        eventually(() -> pools.assertCondition("lead-2", "Degraded", "True", "NoRuleYet", ""));
        try (OperatorProcess _ = cluster.operator("operator-3")) {
          giveLeaseTo("operator-3");
          assertThat(second.awaitEnd()).isEqualTo(4);
          cluster.port("lead-b", "lead_1", IPV4);
          eventually(() -> pools.assertRule("lead-2", "IPv4", 1, 1));
        }
      }
    }
  }

  /** As after an upgrade: the API server refuses lists of a kind whose CRD is new to it. */
  @Test
  void waitsForWhatItCannotReadYet() {
    cluster.port("early-a", "early_0", IPV4);
    pools.pool("early", "{ports: [{names: [early_*]}]}");
    cluster.removeCrd("rdmagidassignments.rdmagid.io");
    try (OperatorProcess operator = cluster.startOperator("early")) {
      eventually(() -> assertThat(operator.log()).contains("rdmagidassignments, will retry"));
      assertThat(operator.isReady()).isFalse();
      assertThat(pools.status("early").effective()).isNull();

      cluster.controlPlane().applyCrds();
      eventually(() -> pools.assertRule("early", "IPv4", 1, 1));
      assertThat(operator.isReady()).isTrue();
    } finally {
      cluster.controlPlane().applyCrds();
    }
  }

  /** Otherwise each update would leave the cluster without a leader until the Lease runs out. */
  @Test
  void anOperatorThatIsToldToEndLetsGoOfTheLease() {
    cluster.port("leave-a", "leave_0", IPV4);
    pools.pool("leave-1", "{ports: [{names: [leave_0]}]}");
    try (OperatorProcess first = cluster.operator("operator-1")) {
      eventually(() -> pools.assertRule("leave-1", "IPv4", 1, 1));
      LeaseSpec held = lease();
      assertThat(held.getHolderIdentity()).isEqualTo("operator-1");

      try (OperatorProcess _ = cluster.operator("operator-2")) {
        assertThat(first.end()).isZero();
        // It did not run out: nobody but the holder takes its name away before it has.
        assertThat(lease().getHolderIdentity()).isNotEqualTo("operator-1");

        pools.pool("leave-2", "{ports: [{names: [leave_1]}]}");
        eventually(() -> pools.assertCondition("leave-2", "Degraded", "True", "NoRuleYet", ""));
        assertThat(lease().getHolderIdentity()).isEqualTo("operator-2");
        assertThat(lease().getLeaseTransitions()).isEqualTo(held.getLeaseTransitions() + 1);
      }
    }
  }

  private static LeaseSpec lease() {
    return cluster
        .client()
        .leases()
        .inNamespace(OperatorCluster.NAMESPACE)
        .withName("rdmagid-operator")
        .get()
        .getSpec();
  }

  @Test
  void badOptionsStopTheOperatorWithEveryProblem() {
    try (OperatorProcess operator =
        OperatorProcess.start(
            folder,
            cluster.controlPlane().kubeconfig("operator"),
            "bad",
            "--leader-election-namespace=Not_One",
            "--log-level=loud",
            "--colour=red")) {
      assertThat(operator.awaitEnd()).isEqualTo(2);
      assertThat(operator.log()).contains("--leader-election-namespace", "--log-level", "--colour");
    }
  }

  private static void giveLeaseTo(String operator) {
    String _ =
        cluster
            .controlPlane()
            .kubectl()
            .kubectl(
                "patch",
                "lease",
                "rdmagid-operator",
                "--namespace=" + OperatorCluster.NAMESPACE,
                "--type=merge",
                "-p",
                "{\"spec\":{\"holderIdentity\":\"" + operator + "\"}}");
  }
}
