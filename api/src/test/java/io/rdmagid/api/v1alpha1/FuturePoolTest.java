package io.rdmagid.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.rdmagid.api.v1alpha1.Parsed.Problem;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@link FutureObjectTest} for pools and assignments. */
class FuturePoolTest {
  private static final String POOL =
      """
      apiVersion: rdmagid.io/v1alpha1
      kind: RdmaGidPool
      metadata: {name: fast, generation: 3, creationTimestamp: "2026-01-01T12:00:00Z"}
      spec:
        resourceName: [rdmagid.io/fast]
        nodeSelector: {matchLabels: {rack: 3}, matchExpressions: [{key: a, operator: Exists}]}
        ports:
        - {names: [mlx5_*, {glob: x}], numaNodes: [0, any], minRateGbps: fast, pfNames: [{name: ens1, first: low, last: 3, every: 2}, ens2], rails: [0]}
        - just text
        - null
        gid: {type: RoCEv3, family: [IPv4, IPv6], subnets: 10.0.0.0/16, allowLinkLocal: perhaps, scope: Rack, required: {}}
        podsPerPort: many
        libraries: {nccl: on}
        memlock: 64Mi
        traffic: {class: gold, dscp: 26, pcp: 3}
        failover: {onGidChange: [Refresh], gracePeriodSeconds: long, dryRun: true, soon: x}
      status:
        effective: {type: RoCEv3, family: IPv4, subnets: [10.0.0.0/16, {}], generation: new, revision: 2, why: new}
        nodes: some
        ports: 7
        healthy: [1]
        failover: {window: [], evictions: few, groups: [{uid: u, phase: Orbiting, since: 1, pods: [{name: a, uid: [b], evicted: soon}, nonsense]}, x]}
        conditions: [{type: Accepted, status: Maybe}, nonsense]
      """;

  private static final String ASSIGNMENT =
      """
      apiVersion: rdmagid.io/v1alpha1
      kind: RdmaGidAssignment
      metadata: {name: worker-0, namespace: jobs}
      spec: {nodeName: node-a, podUID: [1], rack: 3}
      status:
        ports:
        - {container: main, pool: fast, device: mlx5_0, port: 1, gidIndex: three, state: hovering, injected: [A, {b: c}], lane: 2}
        - nonsense
        conditions: {GidAssigned: True}
      """;

  @Test
  void aPoolThatThisVersionDoesNotKnowStopsNothing() {
    RdmaGidPool pool = Serialization.unmarshal(POOL, RdmaGidPool.class);

    assertThat(pool.getSpec())
        .isEqualTo(
            new RdmaGidPoolSpec(
                null,
                new PoolNodeSelector(Map.of("rack", "3")),
                List.of(
                    new PoolPortSelector(
                        List.of("mlx5_*"),
                        null,
                        null,
                        null,
                        null,
                        null,
                        List.of(new PoolVirtualFunctions("ens1", null, 3)),
                        null,
                        List.of(0),
                        null,
                        null)),
                new PoolGid("RoCEv3", null, List.of(), null, "Rack", null),
                null,
                List.of(),
                null,
                new PoolTraffic(null, 26),
                new PoolFailover(null, null, true)));
    assertThat(pool.getStatus().failover())
        .isEqualTo(
            new PoolFailoverStatus(
                null,
                null,
                List.of(
                    new PoolFailoverGroup(
                        "u",
                        "Orbiting",
                        "1",
                        null,
                        List.of(new PoolFailoverPod(null, "a", null, null))))));
    assertThat(pool.getStatus().effective())
        .isEqualTo(
            new EffectiveGidRule(
                "RoCEv3",
                "IPv4",
                List.of("10.0.0.0/16"),
                null,
                null,
                null,
                null,
                2L,
                null,
                Map.of("why", "new")));
    assertThat(pool.getStatus().ports()).isEqualTo(7);
    assertThat(pool.getStatus().nodes()).isNull();
    assertThat(pool.getStatus().conditions())
        .extracting(Condition::getStatus)
        .containsExactly("Maybe");
    assertThat(PoolParser.parse(pool))
        .isEqualTo(
            new ParsedPool.Invalid(
                List.of(
                    new Problem("spec.gid.type", "is no type that this version knows: 'RoCEv3'"),
                    new Problem("spec.gid.scope", "is no scope that this version knows: 'Rack'"))));
  }

  @Test
  void anAssignmentThatThisVersionDoesNotKnowStopsNothing() {
    RdmaGidAssignment assignment = Serialization.unmarshal(ASSIGNMENT, RdmaGidAssignment.class);

    assertThat(assignment.getSpec()).isEqualTo(new RdmaGidAssignmentSpec("node-a", null));
    assertThat(assignment.getStatus().ports())
        .singleElement()
        .satisfies(row -> {
          assertThat(row.gidIndex()).isNull();
          assertThat(row.state()).isEqualTo("hovering");
          assertThat(row.injected()).containsExactly("A");
        });
    assertThat(AssignmentMapping.parse(assignment)).isInstanceOf(ParsedAssignment.Invalid.class);
  }

  @Test
  void whatWasReadIsWrittenAndReadTheSame() {
    RdmaGidPool pool = Serialization.unmarshal(POOL, RdmaGidPool.class);
    RdmaGidPool poolAgain = Serialization.unmarshal(Serialization.asJson(pool), RdmaGidPool.class);
    RdmaGidAssignment assignment = Serialization.unmarshal(ASSIGNMENT, RdmaGidAssignment.class);
    RdmaGidAssignment assignmentAgain =
        Serialization.unmarshal(Serialization.asJson(assignment), RdmaGidAssignment.class);

    assertThat(poolAgain.getSpec()).isEqualTo(pool.getSpec());
    assertThat(poolAgain.getStatus()).isEqualTo(pool.getStatus());
    assertThat(assignmentAgain.getSpec()).isEqualTo(assignment.getSpec());
    assertThat(assignmentAgain.getStatus()).isEqualTo(assignment.getStatus());
  }

  @Test
  void nullAndAbsentAreEmptyAndNothingEmptyIsWritten() {
    RdmaGidPool pool =
        Serialization.unmarshal(
            "{\"spec\":{\"ports\":[null],\"libraries\":null,\"nodeSelector\":{\"matchLabels\":{\"a\":null}}},"
                + "\"status\":{\"conditions\":null,\"effective\":{\"subnets\":null}}}",
            RdmaGidPool.class);
    RdmaGidAssignment assignment =
        Serialization.unmarshal(
            "{\"spec\":null,\"status\":{\"ports\":null,\"conditions\":[null]}}",
            RdmaGidAssignment.class);

    assertThat(pool.getSpec().ports()).isEmpty();
    assertThat(pool.getSpec().nodeSelector()).isEqualTo(new PoolNodeSelector(null));
    assertThat(Serialization.asJson(pool.getStatus())).isEqualTo("{\"effective\":{}}");
    assertThat(Serialization.asJson(assignment.getStatus())).isEqualTo("{}");
    assertThat(PoolParser.parse(pool)).isInstanceOf(ParsedPool.Invalid.class);
    assertThat(AssignmentMapping.parse(assignment)).isInstanceOf(ParsedAssignment.Invalid.class);
  }
}
