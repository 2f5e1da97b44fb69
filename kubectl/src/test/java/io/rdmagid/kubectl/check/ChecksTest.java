package io.rdmagid.kubectl.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.rdmagid.api.v1alpha1.RdmaGid;
import io.rdmagid.api.v1alpha1.RdmaGidAssignment;
import io.rdmagid.api.v1alpha1.RdmaGidPool;
import io.rdmagid.kubectl.snapshot.Snapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One edit of a healthy cluster, and what it brings. */
class ChecksTest {
  private static final Path HEALTHY = Path.of("src/test/resources/clusters/healthy.yaml");

  private static String healthy() {
    try {
      return Files.readString(HEALTHY);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Snapshot snapshot(String yaml) {
    KubernetesSerialization serialization = new KubernetesSerialization();
    List<RdmaGid> ports = new ArrayList<>();
    List<RdmaGidPool> pools = new ArrayList<>();
    List<RdmaGidAssignment> assignments = new ArrayList<>();
    List<Pod> pods = new ArrayList<>();
    for (String text : yaml.split("(?m)^---\n", -1)) {
      switch (text.lines().filter(line -> line.startsWith("kind: ")).findFirst().orElseThrow()) {
        case "kind: RdmaGid" -> ports.add(serialization.unmarshal(text, RdmaGid.class));
        case "kind: RdmaGidPool" -> pools.add(serialization.unmarshal(text, RdmaGidPool.class));
        case "kind: RdmaGidAssignment" ->
            assignments.add(serialization.unmarshal(text, RdmaGidAssignment.class));
        default -> pods.add(serialization.unmarshal(text, Pod.class));
      }
    }
    return Snapshot.of(ports, pools, assignments, pods);
  }

  private static List<String> findings(String yaml) {
    return Checks.of(snapshot(yaml)).stream()
        .map(finding ->
            finding.kind().text() + " | " + finding.subject() + " | " + finding.message())
        .toList();
  }

  /** In the n-th document that has it, from 1. */
  private static String edited(int document, String from, String to) {
    List<String> documents = new ArrayList<>(List.of(healthy().split("(?m)^---\n", -1)));
    assertThat(documents.get(document - 1)).contains(from);
    documents.set(document - 1, documents.get(document - 1).replace(from, to));
    return String.join("---\n", documents);
  }

  @Test
  void nothingIsWrongWithAHealthyCluster() {
    assertThat(findings(healthy())).isEmpty();
  }

  /** Documents: 1 to 3 ports, 4 and 5 pools, 6 and 7 assignments, 8 and 9 pods. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          1; state: ACTIVE; state: DOWN; PortDown | node-a/mlx5_0/1 | the port is DOWN, of pool rail
          2; pools: [tenant]; pools: []; NONE
          4; 'status: ''False'', reason: AllPortsServe'; 'status: ''True'', reason: IdsCut'; PoolDegraded | pool rail | IdsCut: all ports serve the rule
          4; 'status: ''False'', reason: NoConflict'; 'status: ''True'', reason: OlderPoolWins'; PoolConflict | pool rail | OlderPoolWins: no other pool wants its ports
          5; 'status: ''True'', reason: Accepted'; 'status: ''False'', reason: Invalid'; PoolNotAccepted | pool tenant | Invalid: the spec is understood
          6; nodeName: node-a; nodeName: node-z; NotReporting | node node-z | no RdmaGid is of this node, and train/worker-0 is on it
          6; selectorVersion: 1; 'selectorVersion: 1, elsewhere: [mooncake]'; LibraryElsewhere | train/worker-0 main | mlx5_0/1: another entry is taken by mooncake
          6; selectorVersion: 1; 'selectorVersion: 1, outdated: [A]'; VariablesOutdated | train/worker-0 main | A says what was right before: a program that reads it needs a new container
          6; state: current; state: stale; NotCurrent | train/worker-0 main | mlx5_0/1: nobody can tell whether the index is still right
          6; gidIndex: 3; gidIndex: 1; 'Disagrees | train/worker-0 main | mlx5_0/1: index 1 was given for 10.1.0.1, and the RdmaGid shows RoCEv2 fe80::1 there'
          6; gidIndex: 3; gidIndex: 200; 'Disagrees | train/worker-0 main | mlx5_0/1: index 200 was given for 10.1.0.1, and the RdmaGid shows nothing there'
          1; mtu: 4096; mtu: 1024; 'GroupMismatch | group train/a | pool rail, MTU: 1024 of worker-0; 4096 of worker-1'
          4; 'generation: 1, creation'; 'generation: -1, creation'; NotUnderstood | RdmaGidPool rail | metadata.generation is negative: -1
          """)
  void oneEditBringsOneFinding(int document, String from, String to, String finding) {
    assertThat(findings(edited(document, from, to)))
        .isEqualTo(finding.equals("NONE") ? List.of() : List.of(finding));
  }

  @Test
  void aPortThatLeavesTheRulesSubnetIsNamedWithWhatCameClosest() {
    String yaml =
        edited(1, "::ffff:10.1.0.1", "::ffff:10.9.0.1")
            .replace("gid: '::ffff:10.1.0.1'", "gid: '::ffff:10.9.0.1'");

    assertThat(findings(yaml))
        .containsExactly(
            "NoUsableGid | node-a/mlx5_0/1 | pool rail: no RoCEv2 IPv4 GID in 10.1.0.0/16; closest:"
                + " index 3 10.9.0.1 RoCEv2 (not in a subnet of the rule)");
  }

  @Test
  void twoNodesWithOneAddressAreNamedOnce() {
    String yaml = healthy().replace("10.1.0.2'", "10.1.0.1'");

    assertThat(findings(yaml))
        .containsExactly(
            "DuplicatePortAddress | pool rail | 10.1.0.1 is at node-a/mlx5_0/1, node-b/mlx5_0/1");
  }

  /** A bond's ports show its address, each. */
  @Test
  void twoPortsOfOneNodeMayHaveOneAddress() {
    String yaml = edited(2, "::ffff:10.2.0.1", "::ffff:10.1.0.1").replace("[tenant]", "[rail]");

    assertThat(findings(yaml)).isEmpty();
  }

  @Test
  void podsWithNamespacesOfTheirOwnHaveAddressesOfTheirOwn() {
    String ofHost = healthy().replace("address: '10.1.0.2'", "address: '10.1.0.1'");
    String ofPod =
        healthy()
            .replaceAll("(gidIndex: 3, gid: '::ffff:10.1.0).[12]'", "$1.7'")
            .replace("scope: Host, state", "scope: Pod, state");

    assertThat(findings(ofHost)).isEmpty();
    assertThat(findings(ofPod))
        .containsExactly(
            "DuplicatePodAddress | pool rail | 10.1.0.7 is in train/worker-0, train/worker-1");
  }

  @Test
  void portsOfTwoPoolsNeedNotFitTogether() {
    String yaml =
        edited(1, "mtu: 4096", "mtu: 1024")
            .replaceFirst("pool: rail(, [^}]*::ffff:10.1.0.2')", "pool: tenant$1");

    assertThat(yaml).contains("pool: tenant, device: mlx5_0");
    assertThat(findings(yaml)).isEmpty();
  }

  @Test
  void aSandboxThatEndedHoldsNothing() {
    String yaml =
        edited(6, "state: current", "state: released")
            .replaceFirst(
                "gidIndex: 3, gid: '[^']*', type: RoCEv2, netdev: ens1, address: '[^']*', ", "");

    assertThat(findings(yaml)).isEmpty();
  }
}
