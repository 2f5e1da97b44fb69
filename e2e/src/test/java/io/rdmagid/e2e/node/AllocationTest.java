package io.rdmagid.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.rdmagid.api.v1alpha1.AssignedPortRow;
import io.rdmagid.api.v1alpha1.RdmaGidAssignment;
import io.rdmagid.e2e.testbed.CollectOnFailure;
import io.rdmagid.e2e.testbed.Kubectl;
import io.rdmagid.e2e.testbed.Node;
import io.rdmagid.e2e.testbed.Testbed;
import io.rdmagid.e2e.workload.PingPong;
import io.rdmagid.e2e.workload.Rails;
import io.rdmagid.e2e.workload.RdmaPod;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Pods that ask for a pool get the index that is right on their node, and traffic flows by it. The
 * nodes are prepared so that it differs: 2 on node-a, 1 on node-b.
 */
@ExtendWith(CollectOnFailure.class)
class AllocationTest {
  private static final String IPVLAN_POOL =
      """
      apiVersion: rdmagid.io/v1alpha1
      kind: RdmaGidPool
      metadata:
        name: own-net
      spec:
        ports:
          - netdevs: [rail1]
        podsPerPort: 4
      """;

  private static InstalledAgents agents;
  private static Kubectl kubectl;
  private static Node nodeA;
  private static Node nodeB;

  @BeforeAll
  static void up() {
    agents = InstalledAgents.up();
    Testbed testbed = agents.testbed();
    kubectl = testbed.kubectl();
    nodeA = testbed.nodeA();
    nodeB = testbed.nodeB();
    Rails.shift(nodeA);
    Rails.offer(kubectl, Rails.POOL, Rails.pool(), 2);
    Rails.offer(kubectl, "own-net", IPVLAN_POOL, 2);
  }

  @AfterEach
  void removePods() {
    String _ = kubectl.kubectl("delete", "pods", "--all", "--wait=true");
  }

  @AfterAll
  static void reset() {
    if (agents == null) {
      return;
    }
    String _ = kubectl.kubectl("delete", "rdmagidpools", "--all", "--wait=true");
    agents.reset();
  }

  @Test
  void ordinaryPodsPassTrafficByTheirOwnIndicesAndNotByAHardCodedOne() {
    RdmaPod server = RdmaPod.create(kubectl, "server", RdmaPod.Wish.of(nodeA, Rails.POOL));
    RdmaPod client = RdmaPod.create(kubectl, "client", RdmaPod.Wish.of(nodeB, Rails.POOL));
    server.awaitRunning();
    client.awaitRunning();
    assertThat(server.index(Rails.POOL)).isEqualTo(2);
    assertThat(client.index(Rails.POOL)).isEqualTo(1);

    PingPong.Result result = PingPong.run(server, client, Rails.POOL);
    assertThat(result.passed()).as(result.toString()).isTrue();
    PingPong.Result hardCoded = PingPong.hardCoded(server, client, Rails.POOL, 3);
    assertThat(hardCoded.passed()).as(hardCoded.toString()).isFalse();

    assertRecorded(server, 2, "10.10.0.1");
    assertRecorded(client, 1, "10.10.0.2");
  }

  @Test
  void podsOnTheHostsNetworkPassTraffic() {
    RdmaPod server =
        RdmaPod.create(kubectl, "host-server", RdmaPod.Wish.of(nodeA, Rails.POOL).onHostNetwork());
    RdmaPod client =
        RdmaPod.create(kubectl, "host-client", RdmaPod.Wish.of(nodeB, Rails.POOL).onHostNetwork());
    server.awaitRunning();
    client.awaitRunning();
    PingPong.Result result = PingPong.run(server, client, Rails.POOL);
    assertThat(result.passed()).as(result.toString()).isTrue();
  }

  @Test
  void aPodWithItsOwnNetdevGetsTheIndexThatExistsOnlyAfterCni() {
    RdmaPod pod =
        RdmaPod.create(kubectl, "own-net", RdmaPod.Wish.of(nodeA, "own-net").ofClass("ipvlan"));
    pod.awaitRunning();
    int index = pod.index("own-net");
    String address = pod.get("{.status.podIP}");
    assertThat(nodeA.sh("ibv_devinfo -v -d rxe1"))
        .containsPattern("GID\\[ *" + index + "\\]:\\s*::ffff:" + address.replace(".", "\\."));
    assertThat(pod.indexInFile("own-net")).isEqualTo(Integer.toString(index));
    assertThat(pod.sh("echo $RDMAGID_OWN_NET_0_NETDEV").strip()).isEqualTo("eth0");
    assertRecorded(pod, index, address);
  }

  @Test
  void twoPoolsOfOneContainerShareOneSetOfFiles() {
    RdmaPod pod =
        RdmaPod.create(
            kubectl,
            "both",
            new RdmaPod.Wish(nodeA, Map.of(Rails.POOL, 1, "own-net", 1), false, "ipvlan"));
    pod.awaitRunning();
    assertThat(pod.sh("cmp /run/rdmagid/rail/env /run/rdmagid/own-net/env && echo same").strip())
        .isEqualTo("same");
    assertThat(pod.index(Rails.POOL)).isEqualTo(2);
    assertThat(pod.indexInFile("own-net")).isEqualTo(Integer.toString(pod.index("own-net")));
  }

  @Test
  void aPodThatCanGetNothingEligibleSaysWhy() {
    // An ordinary pod's eth0 is a veth, which leads to no rail.
    RdmaPod pod = RdmaPod.create(kubectl, "nothing", RdmaPod.Wish.of(nodeA, "own-net"));
    InstalledAgents.await(() ->
        assertThat(
                kubectl
                    .run("get", "events", "--field-selector", "involvedObject.name=nothing")
                    .out())
            .contains("pool own-net, rxe1/1: no RoCEv2 IPv4 GID"));
    assertThat(pod.get("{.status.containerStatuses[0].started}")).isNotEqualTo("true");
  }

  @Test
  void aMovedAddressReachesFileRecordAndEvents() {
    RdmaPod pod =
        RdmaPod.create(kubectl, "moving", RdmaPod.Wish.of(nodeA, Rails.POOL)).awaitRunning();
    assertThat(pod.indexInFile(Rails.POOL)).isEqualTo("2");
    String _ =
        nodeA.sh(
            "ip addr del 192.168.50.1/24 dev rail0; ip addr del 10.10.0.1/24 dev rail0; "
                + "ip addr add 10.10.0.1/24 dev rail0");
    try {
      InstalledAgents.await(() -> assertThat(pod.indexInFile(Rails.POOL)).isEqualTo("1"));
      assertRecorded(pod, 1, "10.10.0.1");
      InstalledAgents.await(() ->
          assertThat(
                  kubectl
                      .run("get", "events", "--field-selector", "involvedObject.name=moving")
                      .out())
              .containsAnyOf("IndexMoved", "Recovered"));
    } finally {
      Rails.shift(nodeA);
    }
  }

  @Test
  void theSameDevicesAndRightFilesAfterAgentKubeletAndContainerWereKilled() {
    RdmaPod pod =
        RdmaPod.create(kubectl, "lasting", RdmaPod.Wish.of(nodeA, Rails.POOL)).awaitRunning();
    String devices = pod.sh("ls /dev/infiniband");
    nodeA.restartKubelet();
    String _ = nodeA.sh("kill -9 $(pgrep -f io.rdmagid.deviceplugin.AgentMai[n])");
    // From the node: inside, it is process 1, which no signal of its own namespace ends.
    String _ = nodeA.sh("kill -9 $(pgrep -f '^sleep infinit[y]')");
    // The restarted kubelet's word, not what an earlier one said.
    InstalledAgents.await(() ->
        assertThat(
                pod.get(
                    "{.status.containerStatuses[0].restartCount}"
                        + "{.status.containerStatuses[0].ready}"))
            .isEqualTo("1true"));
    assertThat(pod.sh("ls /dev/infiniband")).isEqualTo(devices);
    InstalledAgents.await(() -> assertThat(pod.indexInFile(Rails.POOL)).isEqualTo("2"));
    assertThat(pod.get("{.status.phase}")).isEqualTo("Running");
  }

  /** The record by the agent, and the operator's copy of it on the pod. */
  private static void assertRecorded(RdmaPod pod, int index, String address) {
    InstalledAgents.await(() -> {
      try (KubernetesClient client = kubectl.client()) {
        List<AssignedPortRow> ports =
            client
                .resources(RdmaGidAssignment.class)
                .inNamespace("default")
                .withName(pod.name())
                .get()
                .getStatus()
                .ports();
        assertThat(ports)
            .singleElement()
            .satisfies(row -> {
              assertThat(row.gidIndex()).isEqualTo(index);
              assertThat(row.address()).isEqualTo(address);
              assertThat(row.state()).isEqualTo("current");
            });
      }
    });
    InstalledAgents.await(() ->
        assertThat(pod.get("{.metadata.annotations.rdmagid\\.io/assignment}"))
            .contains("\"index\":" + index));
    InstalledAgents.await(() ->
        assertThat(pod.get("{.status.conditions[?(@.type==\"rdmagid.io/GidAssigned\")].status}"))
            .isEqualTo("True"));
  }
}
