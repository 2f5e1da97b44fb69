package io.rdmagid.kubectl.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.gid.Gid;
import io.rdmagid.kubectl.snapshot.Clusters;
import io.rdmagid.kubectl.snapshot.PodName;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One edit of a healthy cluster, and what it brings. */
class ChecksTest {
  private static List<String> findings(String yaml) {
    return Checks.of(Clusters.snapshot(yaml)).stream()
        .map(finding ->
            finding.kind().text() + " | " + finding.subject() + " | " + finding.message())
        .toList();
  }

  @Test
  void nothingIsWrongWithAHealthyCluster() {
    assertThat(findings(Clusters.healthy())).isEmpty();
  }

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
          6; gidIndex: 3; gidIndex: 1; 'Disagrees | train/worker-0 main | mlx5_0/1: reported is index 1 (RoCEv2 10.1.0.1), RdmaGid has RoCEv2 fe80::1 there'
          6; gidIndex: 3; gidIndex: 200; 'Disagrees | train/worker-0 main | mlx5_0/1: reported is index 200 (RoCEv2 10.1.0.1), RdmaGid has none there'
          1; 'index: 2, gid: ''::ffff:10.1.0.1'', type: RoCEv1'; 'index: 2, gid: ''::ffff:10.1.0.8'', type: RoCEv2'; 'Disagrees | train/worker-0 main | mlx5_0/1: reported is index 3 (RoCEv2 10.1.0.1), by the pool''s rule it is index 2 (RoCEv2 10.1.0.8)'
          1; mtu: 4096; mtu: 1024; 'GroupMismatch | group train/a | pool rail, MTU: 1024 of worker-0; 4096 of worker-1'
          4; 'generation: 1, creation'; 'generation: -1, creation'; NotUnderstood | RdmaGidPool rail | metadata.generation is negative: -1
          """)
  void oneEditBringsOneFinding(int document, String from, String to, String finding) {
    assertThat(findings(Clusters.edited(document, from, to)))
        .isEqualTo(finding.equals("NONE") ? List.of() : List.of(finding));
  }

  @Test
  void aPortThatLeavesTheRulesSubnetIsNamedWithWhatCameClosest() {
    String yaml =
        Clusters.edited(1, "::ffff:10.1.0.1", "::ffff:10.9.0.1")
            .replace("gid: '::ffff:10.1.0.1'", "gid: '::ffff:10.9.0.1'");

    assertThat(findings(yaml))
        .satisfiesExactly(
            port ->
                assertThat(port)
                    .isEqualTo(
                        "NoUsableGid | node-a/mlx5_0/1 | pool rail: no RoCEv2 IPv4 GID in"
                            + " 10.1.0.0/16; closest: index 3 10.9.0.1 RoCEv2 (not in a subnet of"
                            + " the rule)"),
            pod ->
                assertThat(pod)
                    .startsWith(
                        "Disagrees | train/worker-0 main | mlx5_0/1: reported is index 3 (RoCEv2"
                            + " 10.9.0.1), by the pool's rule no RoCEv2 IPv4 GID in 10.1.0.0/16;"
                            + " closest: index 3 10.9.0.1 RoCEv2 "));
  }

  /** The operator, which shows it on the pod, cannot tell either. */
  @Test
  void whatWasChosenByAnotherRuleOrIsBeyondWhatIsShownDoesNotDisagree() {
    String sooner =
        Clusters.edited(
            1,
            "index: 2, gid: '::ffff:10.1.0.1', type: RoCEv1",
            "index: 2, gid: '::ffff:10.1.0.8', type: RoCEv2");
    String cut = Clusters.edited(1, "    gids:", "    truncated: true\n    gids:");

    assertThat(findings(Clusters.edited(sooner, 6, "ruleRevision: 1", "ruleRevision: 2")))
        .isEmpty();
    assertThat(findings(Clusters.edited(cut, 6, "gidIndex: 3", "gidIndex: 200"))).isEmpty();
    assertThat(findings(Clusters.edited(cut, 6, "gidIndex: 3", "gidIndex: 1")))
        .singleElement()
        .asString()
        .startsWith("Disagrees | train/worker-0 main");
  }

  @Test
  void anEntryThatNoProgramCanUseIsNoneOfThePort() {
    String yaml = Clusters.edited(1, "    gids:", "    unusable: [3]\n    gids:");

    assertThat(findings(yaml))
        .containsExactly(
            "NoUsableGid | node-a/mlx5_0/1 | pool rail: no RoCEv2 IPv4 GID in 10.1.0.0/16; closest:"
                + " index 3 10.1.0.1 RoCEv2 (no program can use the address now)",
            "Disagrees | train/worker-0 main | mlx5_0/1: index 3 was given for 10.1.0.1, and by the"
                + " RdmaGid no program can use the address now");
  }

  @Test
  void anEntryThatNoProgramCanUseDoesNoHarmBesideOneThatWillDo() {
    String yaml =
        Clusters.edited(
            1,
            "    gids:",
            "    unusable: [8]\n    gids:\n"
                + "      - {index: 8, gid: '::ffff:10.1.0.1', type: RoCEv2, ifindex: 3}");

    assertThat(findings(yaml)).isEmpty();
  }

  /** The far end's of a point-to-point link is one. */
  @Test
  void anAddressThatNoProgramCanUseIsNobodysSecond() {
    String yaml =
        Clusters.edited(
            3,
            "    gids:",
            "    unusable: [8]\n    gids:\n"
                + "      - {index: 8, gid: '::ffff:10.1.0.1', type: RoCEv2, ifindex: 3}");

    assertThat(findings(yaml)).isEmpty();
  }

  /** What the host's table has is nothing to a pod with a network namespace of its own. */
  @Test
  void ofScopePodTheHostsTableSaysNothing() {
    String ofPods = Clusters.healthy().replace("scope: Host", "scope: Pod");
    String yaml = Clusters.edited(ofPods, 1, "    gids:", "    unusable: [0, 1, 2, 3]\n    gids:");

    assertThat(findings(yaml)).isEmpty();
  }

  @Test
  void twoNodesWithOneAddressAreNamedOnce() {
    String yaml = Clusters.healthy().replace("10.1.0.2'", "10.1.0.1'");

    assertThat(findings(yaml))
        .containsExactly(
            "DuplicatePortAddress | pool rail | 10.1.0.1 is at node-a/mlx5_0/1, node-b/mlx5_0/1");
  }

  @Test
  void ofManyThatHaveOneAddressTheFirstAreNamed() {
    List<PodName> pods =
        IntStream.range(0, 12).mapToObj(n -> new PodName("infer", "api-" + n)).toList();

    assertThat(new Finding.DuplicateOfPods("tenant", Gid.parse("::ffff:10.1.0.7"), pods).message())
        .startsWith("10.1.0.7 is in infer/api-0, infer/api-1, ")
        .endsWith(", infer/api-9 and 2 more");
  }

  /** A bond's ports show its address, each. */
  @Test
  void twoPortsOfOneNodeMayHaveOneAddress() {
    String yaml =
        Clusters.edited(2, "::ffff:10.2.0.1", "::ffff:10.1.0.1").replace("[tenant]", "[rail]");

    assertThat(findings(yaml)).isEmpty();
  }

  @Test
  void podsWithNamespacesOfTheirOwnHaveAddressesOfTheirOwn() {
    String ofHost = Clusters.healthy().replace("address: '10.1.0.2'", "address: '10.1.0.1'");
    String ofPod =
        Clusters.healthy()
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
        Clusters.edited(1, "mtu: 4096", "mtu: 1024")
            .replaceFirst("pool: rail(, [^}]*::ffff:10.1.0.2')", "pool: tenant$1");

    assertThat(yaml).contains("pool: tenant, device: mlx5_0");
    assertThat(findings(yaml)).isEmpty();
  }

  @Test
  void aSandboxThatEndedHoldsNothing() {
    String yaml =
        Clusters.edited(6, "state: current", "state: released")
            .replaceFirst(
                "gidIndex: 3, gid: '[^']*', type: RoCEv2, netdev: ens1, address: '[^']*', ", "");

    assertThat(findings(yaml)).isEmpty();
  }
}
