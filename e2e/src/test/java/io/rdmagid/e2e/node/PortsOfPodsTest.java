package io.rdmagid.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.e2e.testbed.CollectOnFailure;
import io.rdmagid.e2e.testbed.Kubectl;
import io.rdmagid.e2e.testbed.Node;
import io.rdmagid.e2e.workload.Rails;
import io.rdmagid.e2e.workload.RdmaPod;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;

/** Which ports of a pool with two devices a pod gets, and when it has to wait for them. */
@ExtendWith(CollectOnFailure.class)
class PortsOfPodsTest {
  private static final String PAIR = "pair";

  private static InstalledAgents agents;
  private static Kubectl kubectl;
  private static Node node;

  @BeforeAll
  static void up(TestInfo test) {
    agents = InstalledAgents.up(test);
    kubectl = agents.testbed().kubectl();
    node = agents.testbed().nodeA();
    Rails.offer(kubectl, PAIR, OfferedPools.exclusive(PAIR, "rail1, dummy0"), 2);
  }

  @AfterEach
  void removePods() {
    String _ = kubectl.kubectl("delete", "pods", "--all", "--wait=true");
  }

  @AfterAll
  static void reset() {
    if (agents != null) {
      agents.reset();
    }
  }

  @Test
  void twoPortsAreOfTwoDevicesAndNobodyElsesMeanwhile() {
    RdmaPod both = RdmaPod.create(kubectl, "both", wish(2)).awaitRunning();
    assertThat(both.sh("echo $RDMAGID_PAIR_0_DEVICE $RDMAGID_PAIR_1_DEVICE").split("\\s+"))
        .containsExactlyInAnyOrder("rxe1", "rxe2");
    assertThat(both.sh("ls /dev/infiniband | grep -c uverbs").strip()).isEqualTo("2");

    RdmaPod one = RdmaPod.create(kubectl, "one", wish(1).byScheduler());
    awaitNoRoom(one);
    both.delete();
    one.awaitRunning();
    assertThat(one.sh("ls /dev/infiniband | grep -c uverbs").strip()).isEqualTo("1");
  }

  @Test
  void aPodWaitsForAPortThatIsDown() {
    String _ = node.sh("ip link set rail1 down; ip link set dummy0 down");
    try {
      Rails.awaitOffered(kubectl, PAIR, 1);
      awaitOffered("rxe1 False PortDown", "rxe2 False PortDown");
      RdmaPod pod = RdmaPod.create(kubectl, "waiting", wish(1).byScheduler());
      awaitNoRoom(pod);
      String _ = node.sh("ip link set rail1 up");
      pod.awaitRunning();
      assertThat(pod.sh("echo $RDMAGID_PAIR_0_DEVICE").strip()).isEqualTo("rxe1");
    } finally {
      String _ = node.sh("ip link set rail1 up; ip link set dummy0 up");
    }
    Rails.awaitOffered(kubectl, PAIR, 2);
    awaitOffered("rxe1 True Healthy", "rxe2 True Healthy");
  }

  /** What the kubelet keeps of the answer to Allocate names no device node. */
  @Test
  void aDeviceIsUnpluggedUnderAPodAndAContainerThatRestartsAfterItWasPluggedAgainHasTheNewNode() {
    RdmaPod pod = RdmaPod.create(kubectl, "plugged", wish(1)).awaitRunning();
    String device = pod.sh("echo $RDMAGID_PAIR_0_DEVICE").strip();
    String before = deviceNode(device);
    assertThat(pod.sh("ls /dev/infiniband | grep uverbs").strip()).isEqualTo(before);

    // The lowest free number goes to the next that comes: each gets the other's.
    Map<String, String> netdevs = Map.of("rxe1", "rail1", "rxe2", "dummy0");
    String other = device.equals("rxe1") ? "rxe2" : "rxe1";
    boolean lower = before.compareTo(deviceNode(other)) < 0;
    String first = lower ? other : device;
    String second = lower ? device : other;
    try {
      String _ = node.sh("set -e; rdma link del rxe1; rdma link del rxe2");
      // What a pod holds stays of the capacity, and names no index meanwhile.
      InstalledAgents.await(() -> {
        assertThat(pod.indexInFile(PAIR)).isEmpty();
        assertThat(capacity()).isEqualTo("1");
        assertThat(recorded(pod)).isEqualTo(device + " none");
      });
      assertThat(pod.get("{.status.containerStatuses[0].restartCount}")).isEqualTo("0");
    } finally {
      for (String missing : List.of(first, second)) {
        String _ =
            node.sh(
                "rdma link show %1$s/1 || rdma link add %1$s type rxe netdev %2$s"
                    .formatted(missing, netdevs.get(missing)));
      }
    }
    String after = deviceNode(device);
    assertThat(after).isNotEqualTo(before);
    InstalledAgents.await(() ->
        assertThat(node.sh("cat /var/run/cdi/rdmagid.io-rdma.json"))
            .containsPattern(
                "\"name\" ?: ?\"" + device + "\"[^\\]]*\"/dev/infiniband/" + after + "\""));

    Restarts.killContainer(node);
    Restarts.await(pod);
    assertThat(pod.sh("ls /dev/infiniband | grep uverbs").strip()).isEqualTo(after);
    int index = pod.index(PAIR);
    assertThat(pod.indexInFile(PAIR)).isEqualTo(Integer.toString(index));
    assertThat(node.sh("ibv_devinfo -v -d " + device))
        .containsPattern("GID\\[ *" + index + "\\]:\\s*::ffff:10\\.10\\.");
  }

  private static RdmaPod.Wish wish(int ports) {
    return RdmaPod.Wish.of(node, Map.of(PAIR, ports)).onHostNetwork();
  }

  private static void awaitOffered(String... ports) {
    InstalledAgents.await(() -> assertThat(OfferedPools.offered(kubectl, node)).contains(ports));
  }

  private static void awaitNoRoom(RdmaPod pod) {
    InstalledAgents.await(() ->
        assertThat(pod.get("{.status.conditions[?(@.type==\"PodScheduled\")].message}"))
            .contains("Insufficient rdmagid.io/pair"));
  }

  private static String capacity() {
    return kubectl
        .kubectl("get", "node", node.name(), "-o", "jsonpath={.status.capacity.rdmagid\\.io/pair}")
        .strip();
  }

  /** The only port of a pod's record: its device and its state. */
  private static String recorded(RdmaPod pod) {
    return kubectl.kubectl(
        "get",
        "rdmagidassignment",
        pod.name(),
        "-o",
        "jsonpath={.status.ports[*]['device','state']}");
  }

  private static String deviceNode(String device) {
    return node.sh(
            "basename $(dirname $(grep -lx %s /sys/class/infiniband_verbs/*/ibdev))"
                .formatted(device))
        .strip();
  }
}
