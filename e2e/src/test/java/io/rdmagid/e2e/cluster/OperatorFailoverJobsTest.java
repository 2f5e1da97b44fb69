package io.rdmagid.e2e.cluster;

import static io.rdmagid.e2e.cluster.OperatorCluster.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.rdmagid.api.condition.Conditions;
import io.rdmagid.api.v1alpha1.PoolFailoverGroup;
import io.rdmagid.api.v1alpha1.RdmaGidPool;
import io.rdmagid.api.v1alpha1.RdmaGidPoolStatus;
import io.rdmagid.e2e.testbed.CollectOnFailure;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Evictions of jobs, and the breaker, against a real API server. */
class OperatorFailoverJobsTest {
  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private static Path folder;

  private static OperatorCluster cluster;
  private static FailoverObjects objects;

  @RegisterExtension
  private final CollectOnFailure diagnostics = CollectOnFailure.of(cluster.controlPlane());

  @BeforeAll
  static void start() {
    cluster = OperatorCluster.start(folder);
    objects = new FailoverObjects(cluster);
    objects.prepare();
  }

  @AfterAll
  static void stop() {
    cluster.close();
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
