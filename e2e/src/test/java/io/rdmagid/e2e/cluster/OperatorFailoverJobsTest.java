package io.rdmagid.e2e.cluster;

import static io.rdmagid.e2e.cluster.OperatorCluster.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.rdmagid.api.condition.Conditions;
import io.rdmagid.api.v1alpha1.PoolFailoverGroup;
import io.rdmagid.api.v1alpha1.PoolFailoverPod;
import io.rdmagid.api.v1alpha1.RdmaGidAssignment;
import io.rdmagid.api.v1alpha1.RdmaGidPool;
import io.rdmagid.api.v1alpha1.RdmaGidPoolStatus;
import io.rdmagid.e2e.testbed.AuditEvent;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Evictions of jobs, and the breaker, against a real API server. */
class OperatorFailoverJobsTest extends OnOperatorCluster {
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
  void theTwoPodsOfAJobWithoutALabelAreEvictedAndNoOthers() {
    objects.agent("chain-n", true);
    objects.pool("chain", "EvictGroup");
    objects.job("chain");
    objects.job("other");
    String broken = objects.podOf("chain", "chain-0");
    String well = objects.podOf("chain", "chain-1");
    objects.podOf("other", "other-0");
    objects.assign("chain-0", "chain-n", "chain", "none");
    objects.assign("chain-1", "chain-n", "chain", "current");
    objects.assign("other-0", "chain-n", "chain", "current");
    try (OperatorProcess _ = operator()) {
      eventually(() -> assertThat(objects.pod("chain-0")).isNull());
      eventually(() -> assertThat(objects.pod("chain-1")).isNull());
      eventually(() -> assertThat(objects.events(broken)).contains("EvictedForFailover"));
      eventually(() ->
          assertThat(objects.events(well))
              .contains("EvictedForFailover")
              .doesNotContain("EvictionPlanned"));
      assertThat(objects.pod("other-0")).isNotNull();
      assertThat(objects.failover("chain"))
          .as("a group is one")
          .hasValueSatisfying(failover -> assertThat(failover.evictions()).isEqualTo(1));
    }
  }

  /** None of the group is evicted while one is guarded, by whichever operator. */
  @Test
  void aGuardedJobWaitsForItsBudgetAcrossARestart() {
    objects.agent("guard-n", true);
    objects.pool("guard", "EvictGroup");
    objects.job("guard");
    String broken = objects.podOf("guard", "guard-0");
    String guarded = objects.podOf("guard", "guard-1");
    objects.apply(
        """
        apiVersion: policy/v1
        kind: PodDisruptionBudget
        metadata: {name: guard, namespace: default}
        spec: {minAvailable: 2, selector: {matchLabels: {job: guard}}}
        """);
    objects.assign("guard-0", "guard-n", "guard", "none");
    objects.assign("guard-1", "guard-n", "guard", "current");
    try (OperatorProcess operator = operator()) {
      eventually(() ->
          assertThat(objects.failover("guard"))
              .hasValueSatisfying(failover ->
                  assertThat(failover.groups())
                      .extracting(PoolFailoverGroup::reason)
                      .containsExactly("DisruptionBudget")));
      operator.kill();
    }
    assertThat(objects.pod("guard-0")).isNotNull();
    assertThat(objects.pod("guard-1")).isNotNull();
    String _ = objects.kubectl("delete", "poddisruptionbudget", "guard");
    try (OperatorProcess _ = operator()) {
      eventually(() -> assertThat(objects.pod("guard-0")).isNull());
      eventually(() -> assertThat(objects.pod("guard-1")).isNull());
      assertThat(objects.events(broken))
          .filteredOn("EvictionPlanned"::equals)
          .as("another operator goes on, and begins nothing anew")
          .hasSize(1);
      eventually(() -> assertThat(objects.events(guarded)).contains("EvictedForFailover"));
      eventually(() ->
          assertThat(objects.failover("guard"))
              .hasValueSatisfying(failover -> assertThat(failover.evictions()).isEqualTo(1)));
    }
  }

  /**
   * In the midst of a group, and at a moment that lasts: the budget allows one disruption, which
   * the dry runs do not take, so that one pod is gone and the others are refused.
   */
  @Test
  void whatTheLeaderWasKilledInTheMidstOfTheOtherOperatorFinishes() {
    List<String> names = List.of("over-0", "over-1", "over-2");
    objects.statefulSet("over", names.toArray(String[]::new));
    List<String> evicted = names.stream().map(objects::uid).toList();
    objects.apply(
        """
        apiVersion: policy/v1
        kind: PodDisruptionBudget
        metadata: {name: over, namespace: default}
        spec: {minAvailable: 2, selector: {matchLabels: {job: over}}}
        """);
    eventually(() ->
        assertThat(
                cluster
                    .client()
                    .policy()
                    .v1()
                    .podDisruptionBudget()
                    .inNamespace(FailoverObjects.NAMESPACE)
                    .withName("over")
                    .get()
                    .getStatus()
                    .getDisruptionsAllowed())
            .isEqualTo(1));
    try (OperatorProcess one = cluster.operator("one", "--failover=true");
        OperatorProcess other = cluster.operator("other", "--failover=true")) {
      Map<String, OperatorProcess> operators = Map.of("one", one, "other", other);
      eventually(() -> assertThat(leader()).isIn(operators.keySet()));
      objects.agent("over-n", true);
      objects.pool("over", "EvictGroup");
      objects.assign("over-1", "over-n", "over", "current");
      objects.assign("over-2", "over-n", "over", "current");
      objects.assign("over-0", "over-n", "over", "none");
      eventually(() ->
          assertThat(objects.failover("over"))
              .hasValueSatisfying(failover ->
                  assertThat(failover.groups())
                      .singleElement()
                      .satisfies(group -> {
                        assertThat(group.reason()).isEqualTo("DisruptionBudget");
                        assertThat(group.pods())
                            .extracting(PoolFailoverPod::uid)
                            .containsExactlyElementsOf(evicted);
                        assertThat(group.pods())
                            .extracting(PoolFailoverPod::evicted)
                            .containsExactly(true, null, null);
                      })));
      // The first is back, and does not count for the budget, as it is not ready.
      eventually(() -> assertThat(objects.uid("over-0")).isNotEmpty().isNotIn(evicted));
      String back = objects.uid("over-0");
      eventually(() ->
          assertThat(
                  cluster
                      .client()
                      .resources(RdmaGidAssignment.class)
                      .inNamespace(FailoverObjects.NAMESPACE)
                      .withName("over-0")
                      .get())
              .isNull());
      objects.assign("over-0", "over-n", "over", "current");

      String killed = leader();
      operators.get(killed).kill();
      eventually(() -> assertThat(leader()).isIn(operators.keySet()).isNotEqualTo(killed));
      assertThat(names)
          .extracting(objects::uid)
          .as("nobody else is evicted while the budget forbids it")
          .containsExactly(back, evicted.get(1), evicted.get(2));

      String _ = objects.kubectl("delete", "poddisruptionbudget", "over");
      for (String name : List.of("over-1", "over-2")) {
        eventually(() -> assertThat(objects.uid(name)).isNotEmpty().isNotIn(evicted));
      }
      eventually(() ->
          assertThat(objects.failover("over"))
              .hasValueSatisfying(failover -> {
                assertThat(failover.groups()).isEmpty();
                assertThat(failover.evictions())
                    .as("the group is one, whoever evicts")
                    .isEqualTo(1);
              }));
      assertThat(evicted)
          .allSatisfy(
              uid -> assertThat(objects.events(uid)).containsOnlyOnce("EvictedForFailover"));
      assertThat(
              cluster
                  .controlPlane()
                  .writes(event ->
                      event.accepted()
                          && event.verb().equals("create")
                          && event.resource().equals("pods")
                          && event.subresource().isEmpty()
                          && names.contains(event.name())))
          .extracting(AuditEvent::name)
          .as("each came back once, so none of those that came back was evicted")
          .containsExactlyInAnyOrder("over-0", "over-1", "over-2", "over-0", "over-1", "over-2");
      assertThat(objects.uid("over-0")).isEqualTo(back);
    }
  }

  /** The name of the operator that has the Lease; it stays for a while when it is killed. */
  private static String leader() {
    Lease lease =
        cluster
            .client()
            .leases()
            .inNamespace(OperatorCluster.NAMESPACE)
            .withName("rdmagid-operator")
            .get();
    return lease == null || lease.getSpec().getHolderIdentity() == null
        ? ""
        : lease.getSpec().getHolderIdentity();
  }

  @Test
  void theBreakerOpensAndClosesAgain() {
    objects.agent("breaker-n", true);
    objects.pool("breaker", "Evict");
    for (int n = 0; n < 12; n++) {
      objects.pod("breaker-" + n, "breaker-" + n);
      objects.assign("breaker-" + n, "breaker-n", "breaker", "none");
    }
    String pool =
        cluster
            .client()
            .resources(RdmaGidPool.class)
            .withName("breaker")
            .get()
            .getMetadata()
            .getUid();
    try (OperatorProcess _ = operator()) {
      eventually(() -> assertThat(breaker()).contains("True"));
      eventually(() -> assertThat(objects.events(pool)).containsExactly("BreakerOpen"));
      // It closes before the last of them is well again.
      gracePeriod("breaker", 3600);
      for (int n = 0; n < 12; n++) {
        assertThat(objects.pod("breaker-" + n)).isNotNull();
        if (n > 0) {
          objects.assign("breaker-" + n, "breaker-n", "breaker", "current");
        }
      }
      eventually(() -> assertThat(breaker()).contains("False"));
      gracePeriod("breaker", 1);
      eventually(() -> assertThat(objects.pod("breaker-0")).isNull());
      for (int n = 1; n < 12; n++) {
        assertThat(objects.pod("breaker-" + n)).isNotNull();
      }
    }
  }

  private static void gracePeriod(String pool, int seconds) {
    String _ =
        objects.kubectl(
            "patch",
            "rdmagidpool",
            pool,
            "--type=merge",
            "-p",
            "{\"spec\":{\"failover\":{\"gracePeriodSeconds\":%d}}}".formatted(seconds));
  }

  private static Optional<String> breaker() {
    RdmaGidPoolStatus status = objects.status("breaker");
    return status == null
        ? Optional.empty()
        : Conditions.find(status.conditions(), RdmaGidPoolStatus.BREAKER_OPEN)
            .map(Condition::getStatus);
  }
}
