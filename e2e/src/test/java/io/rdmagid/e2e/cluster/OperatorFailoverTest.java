package io.rdmagid.e2e.cluster;

import static io.rdmagid.e2e.cluster.OperatorCluster.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.api.condition.Conditions;
import io.rdmagid.api.naming.RdmaGidName;
import io.rdmagid.api.v1alpha1.PoolFailoverGroup;
import io.rdmagid.api.v1alpha1.RdmaGid;
import java.time.Instant;
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
  void aBrokenPodIsEvictedAndOneOfAPoolThatRefreshesIsNot() {
    objects.agent("evict-n", true);
    objects.pool("evict", "Evict");
    objects.pool("refresh", "Refresh");
    String uid = objects.pod("evict-0", "evict");
    objects.pod("refresh-0", "refresh");
    objects.assign("evict-0", "evict-n", "evict", "none");
    objects.assign("refresh-0", "evict-n", "refresh", "none");
    try (OperatorProcess _ = operator()) {
      eventually(() -> assertThat(objects.pod("evict-0")).isNull());
      assertThat(objects.events(uid)).contains("EvictionPlanned", "EvictedForFailover");
      assertThat(objects.pod("refresh-0")).isNotNull();
      assertThat(objects.status("refresh").failover()).isNull();
    }
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
    cluster.patchStatus(
        "rdmagidpool",
        "finish",
        """
        {"failover":{"window":"%1$s","evictions":1,"groups":[{"uid":"default/finish","phase":"Evicting",
          "since":"%1$s","pods":[{"namespace":"default","name":"finish-0","uid":"%2$s"},
            {"namespace":"default","name":"finish-1","uid":"%3$s"}]}]}}
        """
            .formatted(Instant.now(), evicted, left));
    try (OperatorProcess _ = operator()) {
      eventually(() -> assertThat(objects.pod("finish-1")).isNull());
      assertThat(objects.pod("finish-0").getMetadata().getUid())
          .as("the pod that came back is another")
          .isEqualTo(again);
    }
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
      objects.assign("away-1", "there-n", "away", "none");
      eventually(() -> assertThat(objects.pod("away-1")).isNull());
      assertThat(objects.pod("away-0")).isNotNull();
    }
  }
}
