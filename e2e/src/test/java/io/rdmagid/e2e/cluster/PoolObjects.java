package io.rdmagid.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.rdmagid.api.condition.Conditions;
import io.rdmagid.api.v1alpha1.EffectiveGidRule;
import io.rdmagid.api.v1alpha1.RdmaGidPool;
import io.rdmagid.api.v1alpha1.RdmaGidPoolStatus;
import io.rdmagid.assignment.AssignmentState;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What the tests of pools write, and what they read of the operator's answer. */
record PoolObjects(OperatorCluster cluster) {
  /** A pool of this name, made or changed. */
  void pool(String name, String spec) {
    apply("RdmaGidPool", "{name: %s}".formatted(name), spec);
  }

  private void apply(String kind, String metadata, String spec) {
    String _ =
        cluster
            .controlPlane()
            .kubectl()
            .apply(
                """
                apiVersion: rdmagid.io/v1alpha1
                kind: %s
                metadata: %s
                spec: %s
                """
                    .formatted(kind, metadata, spec));
  }

  void hold(String pod, String pool, String node, String device) {
    hold(pod, pool, node, device, AssignmentState.PENDING);
  }

  /** What an agent would write of a pod of this name. */
  void hold(String pod, String pool, String node, String device, AssignmentState state) {
    apply(
        "RdmaGidAssignment",
        "{name: %s, namespace: default}".formatted(pod),
        "{nodeName: %s, podUID: uid-%s}".formatted(node, pod));
    cluster.patchStatus(
        "rdmagidassignment",
        pod,
        """
        {"ports": [{"container": "main", "pool": "%s", "device": "%s", "port": 1, "scope": "Pod",
          "state": "%s", "generation": 1, "ruleRevision": 1, "selectorVersion": 1}]}
        """
            .formatted(pool, device, state.text()));
  }

  List<String> finalizers(String pool) {
    return cluster
        .client()
        .resources(RdmaGidPool.class)
        .withName(pool)
        .get()
        .getMetadata()
        .getFinalizers();
  }

  RdmaGidPoolStatus status(String pool) {
    RdmaGidPoolStatus status =
        cluster.client().resources(RdmaGidPool.class).withName(pool).get().getStatus();
    return Objects.requireNonNullElseGet(
        status, () -> new RdmaGidPoolStatus(null, null, null, null, null, null, List.of()));
  }

  void assertRule(String pool, String family, long generation, long revision) {
    EffectiveGidRule rule = status(pool).effective();
    assertThat(rule).isNotNull();
    assertThat(rule.type()).isEqualTo("RoCEv2");
    assertThat(rule.family()).isEqualTo(family);
    assertThat(rule.generation()).isEqualTo(generation);
    assertThat(rule.revision()).isEqualTo(revision);
  }

  void assertCondition(String pool, String type, String status, String reason, String inMessage) {
    Condition condition = condition(pool, type);
    assertThat(condition.getStatus()).isEqualTo(status);
    assertThat(condition.getReason()).isEqualTo(reason);
    assertThat(condition.getMessage()).contains(inMessage);
    assertThat(condition.getObservedGeneration()).isPositive();
  }

  Condition condition(String pool, String type) {
    Optional<Condition> found = Conditions.find(status(pool).conditions(), type);
    assertThat(found).isPresent();
    return found.orElseThrow();
  }
}
