package io.rdmagid.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.e2e.agent.AgentEndpoint;
import io.rdmagid.e2e.agent.AgentInstallation;
import io.rdmagid.e2e.testbed.BridgedSocket;
import io.rdmagid.e2e.workload.Rails;
import io.rdmagid.e2e.workload.RdmaPod;
import io.rdmagid.proto.pluginregistration.InfoRequest;
import io.rdmagid.proto.pluginregistration.RegistrationGrpc;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Agents whose sockets the kubelet's plugin watcher finds. */
@Tag("long")
@ChartValues("agent.kubeletRegistration=plugin-watcher")
class PluginWatcherTest extends OnOfferedPools {
  private static final String WATCHED = "/var/lib/kubelet/plugins_registry";
  private static final String CALLED = "/var/lib/kubelet/device-plugins";
  private static final int POOLS = 3;

  @AfterAll
  static void callAgain() {
    if (pools == null) {
      return;
    }
    // As an agent leaves it that is killed while it is being replaced.
    String _ = nodeA.sh("touch " + WATCHED + "/rdmagid-rail-1-killed.sock");
    AgentInstallation.install(pools.testbed());
    Rails.awaitOffered(kubectl, Rails.POOL, 2);
    assertThat(sockets(WATCHED)).as("left by agents that the watcher found").isEmpty();
    assertThat(sockets(CALLED)).hasSize(POOLS);
  }

  @Test
  void aKubeletThatRestartsHasThePoolsAgainAndThePodLives() {
    assertThat(sockets(CALLED)).isEmpty();
    RdmaPod pod =
        RdmaPod.create(kubectl, "watched", RdmaPod.Wish.of(nodeA, Rails.POOL)).awaitRunning();
    assertThat(pod.index(Rails.POOL)).isEqualTo(2);
    String before = socketOfRail();
    nodeA.restartKubelet();
    awaitTakenAgain(before);
    assertThat(pod.get("{.status.phase} {.status.containerStatuses[0].restartCount}"))
        .isEqualTo("Running 0");
  }

  @Test
  void aSocketThatIsRemovedIsMadeAgain() {
    String before = socketOfRail();
    String _ = nodeA.sh("rm " + WATCHED + "/rdmagid-rail-*");
    awaitTakenAgain(before);
  }

  @Test
  void anAgentThatWasKilledLeavesNoSocketBehind() {
    String before = socketOfRail();
    String _ = nodeA.sh("kill -9 " + InstalledAgents.PROCESS);
    awaitTakenAgain(before);
  }

  @Test
  void theSocketRefusesWhatIsNoRequest() {
    String path = nodeA.sh("ls " + WATCHED + "/rdmagid-rail-*").strip();
    try (BridgedSocket socket = nodeA.bridge(path);
        BadClient client = new BadClient(socket)) {
      client.refusesWhatIsNoRequest(RegistrationGrpc.getServiceDescriptor());
      assertThat(
              RegistrationGrpc.newBlockingStub(client.channel())
                  .withDeadlineAfter(BadClient.LIMIT_SECONDS, TimeUnit.SECONDS)
                  .getInfo(InfoRequest.getDefaultInstance())
                  .getName())
          .isEqualTo("rdmagid.io/rail");
    }
  }

  /** By a new socket, which is the only one; a pod that the kubelet admits then is the proof. */
  private static void awaitTakenAgain(String before) {
    AgentEndpoint agent = new AgentEndpoint(nodeA);
    InstalledAgents.await(() -> assertThat(socketOfRail()).isNotEmpty().isNotEqualTo(before));
    InstalledAgents.awaitReady(nodeA);
    InstalledAgents.await(() -> {
      assertThat(agent.hasRegistered(Rails.POOL)).isTrue();
      assertThat(agent.hasRegistered(OfferedPools.IPVLAN)).isTrue();
      assertThat(agent.hasRegistered(OfferedPools.MACVLAN)).isTrue();
    });
    awaitOffered();
    RdmaPod pod =
        RdmaPod.create(kubectl, "again", RdmaPod.Wish.of(nodeA, Rails.POOL).byScheduler())
            .awaitRunning();
    assertThat(pod.index(Rails.POOL)).isEqualTo(2);
    assertThat(sockets(WATCHED)).hasSize(POOLS);
  }

  private static void awaitOffered() {
    Rails.awaitOffered(kubectl, Rails.POOL, 2);
    Rails.awaitOffered(kubectl, OfferedPools.IPVLAN, 2);
    Rails.awaitOffered(kubectl, OfferedPools.MACVLAN, 2);
  }

  /** Its name, and when it was made: inodes are given again at once. */
  private static String socketOfRail() {
    return nodeA.run("stat -c '%n %z' " + WATCHED + "/rdmagid-rail-*").out();
  }

  private static List<String> sockets(String folder) {
    return nodeA.sh("ls " + folder).lines().filter(name -> name.startsWith("rdmagid-")).toList();
  }
}
