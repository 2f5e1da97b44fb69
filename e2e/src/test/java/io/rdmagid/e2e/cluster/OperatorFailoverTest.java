package io.rdmagid.e2e.cluster;

import static io.rdmagid.e2e.cluster.OperatorCluster.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.fabric8.kubernetes.api.model.Condition;
import io.rdmagid.api.naming.RdmaGidName;
import io.rdmagid.api.v1alpha1.PoolFailoverGroup;
import io.rdmagid.api.v1alpha1.RdmaGid;
import io.rdmagid.api.v1alpha1.RdmaGidStatus;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Evictions, against a real API server and its disruption budgets. */
class OperatorFailoverTest extends OnOperatorCluster {
  private static final String NAMESPACE = "default";

  private static FailoverObjects objects;

  @BeforeAll
  static void start() {
    cluster = OperatorCluster.start(folder);
    objects = new FailoverObjects(cluster);
    objects.prepare();
  }

  private static OperatorProcess operator() {
    return cluster.operator("failover", "--failover=true");
  }

  @Test
  void aBrokenPodIsEvictedUnlessItsPoolRefreshesOrOnlyTells() {
    objects.agent("evict-n", true);
    objects.pool("evict", "Evict");
    objects.pool("refresh", "Refresh");
    objects.pool("dry", "Evict", true);
    String uid = objects.pod("evict-0", "evict");
    objects.pod("refresh-0", "refresh");
    String spared = objects.pod("dry-0", "dry");
    objects.assign("refresh-0", "evict-n", "refresh", "none");
    objects.assign("dry-0", "evict-n", "dry", "none");
    try (OperatorProcess _ = operator()) {
      eventually(() -> assertThat(objects.events(spared)).contains("WouldEvict"));
      eventually(() -> assertGroup("dry", "dry-0", "WouldEvict", null));

      objects.assign("evict-0", "evict-n", "evict", "none");
      eventually(() -> assertThat(objects.pod("evict-0")).isNull());
      eventually(
          () -> assertThat(objects.events(uid)).contains("EvictionPlanned", "EvictedForFailover"));
      assertThat(objects.pod("refresh-0")).isNotNull();
      assertThat(objects.status("refresh").failover()).isNull();
      assertThat(objects.uid("dry-0")).isEqualTo(spared);
      assertThat(objects.events(spared)).doesNotContain("EvictedForFailover");
    }
  }

  /**
   * Of each pool one in ten minutes, and one of all: the first takes both, for whom comes later,
   * too.
   */
  @Test
  void whatABudgetIsSpentForWaitsAcrossARestartAndItsPoolSaysWhy() {
    objects.pool("spent", "Evict");
    objects.pool("late", "Evict");
    for (String pod : List.of("spent-0", "spent-1", "spent-2", "late-0", "late-1")) {
      objects.pod(pod, pod);
    }
    // What it counted of other tests.
    String _ =
        objects.kubectl(
            "delete",
            "configmap",
            "rdmagid-failover",
            "--namespace=" + OperatorCluster.NAMESPACE,
            "--ignore-not-found");
    try (OperatorProcess operator = operatorThatEvictsOne()) {
      objects.agent("spent-n", true);
      objects.assign("spent-0", "spent-n", "spent", "none");
      eventually(() -> assertThat(objects.pod("spent-0")).isNull());

      objects.assign("spent-1", "spent-n", "spent", "none");
      objects.assign("late-0", "spent-n", "late", "none");
      eventually(() -> assertGroup("spent", "spent-1", "Waiting", "PoolBudget"));
      eventually(() -> assertGroup("late", "late-0", "Waiting", "ClusterBudget"));
      operator.kill();
    }
    try (OperatorProcess _ = operatorThatEvictsOne()) {
      objects.agent("spent-n", true);
      // What the new one says of these it has not read of the one before.
      objects.assign("spent-2", "spent-n", "spent", "none");
      objects.assign("late-1", "spent-n", "late", "none");
      eventually(() -> assertGroup("spent", "spent-2", "Waiting", "PoolBudget"));
      eventually(() -> assertGroup("late", "late-1", "Waiting", "ClusterBudget"));
      for (String waiting : List.of("spent-1", "spent-2", "late-0", "late-1")) {
        assertThat(objects.pod(waiting)).as(waiting).isNotNull();
      }
    }
  }

  private static OperatorProcess operatorThatEvictsOne() {
    return cluster.operator(
        "failover", "--failover=true", "--failover-pool-budget=1", "--failover-cluster-budget=1");
  }

  @Test
  void aDisruptionBudgetBlocks() {
    objects.agent("budget-n", true);
    objects.pool("budget", "Evict");
    String uid = objects.pod("budget-0", "budget");
    objects.apply(
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
    objects.assign("budget-0", "budget-n", "budget", "none");
    try (OperatorProcess _ = operator()) {
      eventually(() -> assertThat(objects.events(uid)).contains("EvictionBlocked"));
      eventually(() ->
          assertThat(objects.status("budget").failover().groups())
              .singleElement()
              .extracting(PoolFailoverGroup::reason)
              .isEqualTo("DisruptionBudget"));
      assertThat(objects.pod("budget-0")).isNotNull();

      String _ = objects.kubectl("delete", "poddisruptionbudget", "budget");
      eventually(() -> assertThat(objects.pod("budget-0")).isNull());
    }
  }

  /** As an operator leaves it that is killed after it evicted one pod of two. */
  @Test
  void whatAnotherOperatorStartedIsFinished() {
    objects.agent("finish-n", true);
    objects.pool("finish", "EvictGroup");
    String evicted = objects.pod("finish-0", "finish");
    String left = objects.pod("finish-1", "finish");
    objects.assign("finish-1", "finish-n", "finish", "current");
    String _ = objects.kubectl("delete", "pod", "finish-0", "--force", "--grace-period=0");
    String again = objects.pod("finish-0", "finish");
    started("finish", evicted, left);
    try (OperatorProcess _ = operator()) {
      eventually(() -> assertThat(objects.pod("finish-1")).isNull());
      assertThat(objects.pod("finish-0").getMetadata().getUid())
          .as("the pod that came back is another")
          .isEqualTo(again);
    }
  }

  /** Another operator has started to evict the two pods of a group and pool of this name. */
  private static void started(String name, String firstUid, String secondUid) {
    cluster.patchStatus(
        "rdmagidpool",
        name,
        """
        {"failover":{"window":"%1$s","evictions":1,"groups":[{"uid":"default/%2$s","phase":"Evicting",
          "since":"%1$s","pods":[{"namespace":"default","name":"%2$s-0","uid":"%3$s"},
            {"namespace":"default","name":"%2$s-1","uid":"%4$s"}]}]}}
        """
            .formatted(Instant.now(), name, firstUid, secondUid));
  }

  /** Of two that are being deleted when another operator comes: one was evicted, one was not. */
  @Test
  void ofWhatIsBeingDeletedThatWhichWasEvictedIsTold() {
    objects.agent("told-n", true);
    objects.pool("told", "EvictGroup");
    String evicted = objects.pod("told-0", "told");
    String deleted = objects.pod("told-1", "told");
    for (String pod : List.of("told-0", "told-1")) {
      // So that it stays for the operator to see.
      finalizers(pod, "[\"rdmagid.io/test\"]");
    }
    assertThat(cluster.client().pods().inNamespace(NAMESPACE).withName("told-0").evict()).isTrue();
    String _ = objects.kubectl("delete", "pod", "told-1", "--wait=false");
    started("told", evicted, deleted);
    try (OperatorProcess _ = operator()) {
      eventually(() -> assertThat(objects.events(evicted)).contains("EvictedForFailover"));
      eventually(() ->
          assertThat(objects.failover("told"))
              .hasValueSatisfying(failover -> assertThat(failover.groups()).isEmpty()));
      assertThat(objects.events(deleted)).doesNotContain("EvictedForFailover");
    } finally {
      finalizers("told-0", "null");
      finalizers("told-1", "null");
    }
  }

  private static void finalizers(String pod, String finalizers) {
    String _ =
        objects.kubectl(
            "patch",
            "pod",
            pod,
            "--type=merge",
            "-p",
            "{\"metadata\":{\"finalizers\":%s}}".formatted(finalizers));
  }

  @Test
  void onANodeWhoseAgentIsNotReadyNothingIsEvicted() {
    objects.agent("away-n", false);
    objects.agent("there-n", true);
    cluster.port("away-n", "away_0", "::ffff:10.0.0.1");
    objects.pool("away", "Evict");
    objects.pod("away-0", "away");
    objects.pod("away-1", "away");
    objects.assign("away-0", "away-n", "away", "none");
    try (OperatorProcess _ = operator()) {
      eventually(() -> assertReporting("False", "AgentNotReady"));
      objects.assign("away-1", "there-n", "away", "none");
      eventually(() -> assertThat(objects.pod("away-1")).isNull());
      assertThat(objects.pod("away-0")).isNotNull();

      objects.agent("away-n", true);
      eventually(() -> assertReporting("True", "AgentReady"));
      eventually(() -> assertThat(objects.pod("away-0")).isNull());
      objects.agent("away-n", false);
      eventually(() -> assertReporting("False", "AgentNotReady"));
      objects.agent("away-n", true);
      eventually(() -> assertReporting("True", "AgentReady"));
    }
  }

  private static void assertReporting(String status, String reason) {
    assertThat(
            cluster
                .client()
                .resources(RdmaGid.class)
                .withName(RdmaGidName.of("away-n", "away_0", 1))
                .get()
                .getStatus()
                .conditions())
        .filteredOn(condition -> condition.getType().equals(RdmaGidStatus.REPORTING))
        .extracting(Condition::getStatus, Condition::getReason)
        .containsExactly(tuple(status, reason));
  }

  /**
   * What the pool says of the pod's group.
   *
   * @param reason null where nothing holds it up
   */
  private static void assertGroup(String pool, String pod, String phase, @Nullable String reason) {
    assertThat(objects.failover(pool))
        .hasValueSatisfying(failover ->
            assertThat(failover.groups())
                .filteredOn(
                    group -> group.pods().stream().anyMatch(some -> pod.equals(some.name())))
                .extracting(PoolFailoverGroup::phase, PoolFailoverGroup::reason)
                .containsExactly(tuple(phase, reason)));
  }
}
