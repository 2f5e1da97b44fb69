package io.rdmagid.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.rdmagid.api.naming.RdmaGidName;
import io.rdmagid.e2e.agent.AgentInstallation;
import io.rdmagid.e2e.testbed.Testbed;
import io.rdmagid.e2e.workload.Rails;
import io.rdmagid.e2e.workload.RdmaPod;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The API server is away while tables change and a container is made again. */
@Tag("long")
class AwayTest extends OnOfferedPools {
  private static final String MOVED = "10.20.0.88";

  /** In the pod's container, of which only its node can tell meanwhile. */
  private static final String PROCESS = "$(pgrep -f '^sleep infinit[y]')";

  @Test
  void podsHaveWhatIsSoMeanwhileAndWhatChangedIsWrittenOnceEach() {
    Testbed testbed = pools.testbed();
    InstalledAgents agents = pools.agents();
    nodeA.addAddress(MOVED + "/24", "rail0");
    try (KubernetesClient client = kubectl.client()) {
      RdmaPod pod =
          RdmaPod.create(kubectl, "away", RdmaPod.Wish.of(nodeA, Rails.POOL)).awaitRunning();
      pools.awaitRecorded(pod, 2, "10.10.0.1");
      InstalledAgents.awaitPublished(client, nodeA);
      agents.awaitQuiet();
      Instant start = Instant.now();
      testbed.cutApiServer();
      try {
        nodeA.moveAddress(MOVED + "/24", "rail0", "rail1");
        String before = nodeA.sh("echo " + PROCESS);
        Restarts.killContainer(nodeA);
        InstalledAgents.await(
            () -> assertThat(nodeA.run("echo " + PROCESS).out()).isNotBlank().isNotEqualTo(before));
        assertThat(nodeA.sh("tr '\\0' '\\n' < /proc/" + PROCESS + "/environ"))
            .contains("RDMAGID_RAIL_0_GID_INDEX=2");
        Rails.unshift(nodeA);
        InstalledAgents.await(() ->
            assertThat(nodeA.run("cat /proc/" + PROCESS + "/root/run/rdmagid/rail/env").out())
                .contains("export RDMAGID_RAIL_0_GID_INDEX=1"));
        // The time away is what is tested: the agent tries and fails meanwhile.
        Awaitility.await()
            .pollInterval(Duration.ofSeconds(5))
            .during(Duration.ofSeconds(60))
            .atMost(Duration.ofSeconds(90))
            .until(() -> !testbed.controlPlane().isUp());
      } finally {
        testbed.restoreApiServer();
      }
      // It ended when it could not renew its lease; nobody here starts it again, as a kubelet does.
      testbed.operator().restart(AgentInstallation.NAMESPACE);
      pools.awaitRecorded(pod, 1, "10.10.0.1", "VariablesStale");
      Restarts.await(pod);
      InstalledAgents.awaitPublished(client, nodeA);
      Map<String, Long> once =
          Map.of(
              "rdmagids/" + RdmaGidName.of(nodeA.name(), "rxe0", 1), 1L,
              "rdmagids/" + RdmaGidName.of(nodeA.name(), "rxe1", 1), 1L,
              "rdmagidassignments/" + pod.name(), 1L,
              "nodes/" + nodeA.name(), 1L);
      InstalledAgents.await(
          () -> assertThat(InstalledAgents.counts(agents.writesSince(start))).isEqualTo(once));
      agents.awaitQuiet();
      assertThat(InstalledAgents.counts(agents.writesSince(start))).isEqualTo(once);
    }
  }
}
