package io.rdmagid.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.rdmagid.api.v1alpha1.Parsed.Problem;
import io.rdmagid.assignment.AssignedPort;
import io.rdmagid.assignment.Assignment;
import io.rdmagid.assignment.AssignmentState;
import io.rdmagid.assignment.ContainerVariables;
import io.rdmagid.assignment.GidChoice;
import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidScope;
import io.rdmagid.gid.GidType;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class AssignmentMappingTest {
  private static final AssignedPort PORT =
      new AssignedPort(
          "main",
          "fast",
          "mlx5_0",
          1,
          AssignmentState.CURRENT,
          Optional.of(new GidChoice(3, Gid.parse("::ffff:10.0.0.5"), GidType.ROCE_V2, "net1")),
          GidScope.POD,
          2,
          7,
          1,
          new ContainerVariables(
              List.of("RDMAGID_FAST_0_GID_INDEX"),
              List.of("RDMAGID_FAST_0_GID_INDEX"),
              List.of("NCCL_IB_GID_INDEX")),
          List.of("nccl"));

  @Test
  void theObjectIsTheAgentsPartOfIt() {
    RdmaGidAssignment object =
        AssignmentMapping.object(
            new Assignment("jobs", "worker-0", "uid-1", "node-a", List.of(PORT)));

    assertThat(Serialization.asYaml(object))
        .isEqualTo(
            """
            ---
            apiVersion: "rdmagid.io/v1alpha1"
            kind: "RdmaGidAssignment"
            metadata:
              name: "worker-0"
              namespace: "jobs"
              ownerReferences:
              - apiVersion: "v1"
                kind: "Pod"
                name: "worker-0"
                uid: "uid-1"
            spec:
              nodeName: "node-a"
              podUID: "uid-1"
            status:
              ports:
              - container: "main"
                pool: "fast"
                device: "mlx5_0"
                port: 1
                gidIndex: 3
                gid: "::ffff:10.0.0.5"
                type: "RoCEv2"
                netdev: "net1"
                address: "10.0.0.5"
                scope: "Pod"
                state: "current"
                generation: 2
                ruleRevision: 7
                selectorVersion: 1
                injected:
                - "RDMAGID_FAST_0_GID_INDEX"
                outdated:
                - "RDMAGID_FAST_0_GID_INDEX"
                kept:
                - "NCCL_IB_GID_INDEX"
                elsewhere:
                - "nccl"
            """);
  }

  @Test
  void anObjectWithoutStatusHasNoPorts() {
    RdmaGidAssignment object =
        AssignmentMapping.object(
            new Assignment("jobs", "worker-0", "uid-1", "node-a", List.of(PORT)));
    object.setStatus(null);

    assertThat(AssignmentMapping.parse(object))
        .isEqualTo(
            new ParsedAssignment.Valid(
                new Assignment("jobs", "worker-0", "uid-1", "node-a", List.of())));
  }

  @Test
  void allProblemsAreNamed() {
    RdmaGidAssignment object = new RdmaGidAssignment();
    object.setMetadata(new ObjectMetaBuilder().withName("worker-0").build());
    object.setSpec(new RdmaGidAssignmentSpec(null, "uid-1"));
    object.setStatus(
        new RdmaGidAssignmentStatus(
            List.of(
                row(null, 3, "pending"),
                row("main", null, "current"),
                row("main", -1, "stale"),
                row("main", null, "hovering")),
            List.of()));

    assertThat(((ParsedAssignment.Invalid) AssignmentMapping.parse(object)).problems())
        .extracting(Problem::toString)
        .containsExactly(
            "metadata.namespace is missing or of the wrong type",
            "spec.nodeName is missing or of the wrong type",
            "status.ports[0].container is missing or of the wrong type",
            "status.ports[0].gidIndex is there although the state is pending",
            "status.ports[1].gidIndex is missing or of the wrong type",
            "status.ports[2].gidIndex is negative: -1",
            "status.ports[3].state is no state that this version knows: 'hovering'");
  }

  private static AssignedPortRow row(String container, Integer gidIndex, String state) {
    return new AssignedPortRow(
        container, "fast", "mlx5_0", 1, gidIndex, "fe80::1", "IB", null, null, "Host", state, 0L,
        0L, 0, null, null, null, null);
  }

  @Property(tries = 200)
  void anAssignmentComesBackFromTheServerAsItWas(@ForAll("assignments") Assignment assignment) {
    RdmaGidAssignment read =
        Serialization.unmarshal(
            Serialization.asJson(AssignmentMapping.object(assignment)), RdmaGidAssignment.class);

    assertThat(AssignmentMapping.parse(read)).isEqualTo(new ParsedAssignment.Valid(assignment));
  }

  @Provide
  Arbitrary<Assignment> assignments() {
    Arbitrary<String> name = Arbitraries.strings().alpha().ofMinLength(1).ofMaxLength(15);
    Arbitrary<GidChoice> choice =
        Combinators.combine(
                Arbitraries.integers().between(0, 65535),
                Arbitraries.longs(),
                Arbitraries.longs().filter(low -> low != 0),
                Arbitraries.of(GidType.class),
                Arbitraries.strings().alpha().ofMaxLength(15))
            .as((index, high, low, type, netdev) ->
                new GidChoice(index, new Gid(high, low), type, netdev));
    Arbitrary<AssignedPort> port =
        Combinators.combine(
                name,
                Arbitraries.integers().between(1, 255),
                Arbitraries.of(AssignmentState.class),
                choice,
                Arbitraries.of(GidScope.class),
                Arbitraries.longs().greaterOrEqual(0),
                Arbitraries.integers().greaterOrEqual(0),
                name.list().ofMaxSize(3))
            .as((text, number, state, chosen, scope, count, version, injected) ->
                new AssignedPort(
                    text,
                    "p" + text,
                    "d" + text,
                    number,
                    state,
                    Optional.of(chosen).filter(_ -> state.hasChoice()),
                    scope,
                    count,
                    count / 2,
                    version,
                    new ContainerVariables(injected, injected.subList(0, 0), injected.reversed()),
                    injected.reversed()));
    return Combinators.combine(name, port.list().ofMaxSize(5))
        .as((text, ports) ->
            new Assignment("ns-" + text, "pod-" + text, "uid-" + text, "node-" + text, ports));
  }
}
