package io.rdmagid.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.e2e.agent.AgentInstallation;
import io.rdmagid.e2e.workload.PingPong;
import io.rdmagid.e2e.workload.Rails;
import io.rdmagid.e2e.workload.RdmaPod;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Pods that ask for a pool get the index that is right on their node, and traffic flows by it. The
 * nodes are prepared so that it differs: 2 on node-a, 1 on node-b.
 */
class AllocationTest extends OnOfferedPools {

  @Test
  void ordinaryPodsPassTrafficByTheirOwnIndicesAndNotByAHardCodedOne() {
    RdmaPod server = RdmaPod.create(kubectl, "server", RdmaPod.Wish.of(nodeA, Rails.POOL));
    RdmaPod client =
        RdmaPod.create(kubectl, "client", RdmaPod.Wish.of(nodeB, Rails.POOL).ofClass("runc"));
    server.awaitRunning();
    client.awaitRunning();
    assertThat(server.index(Rails.POOL)).isEqualTo(2);
    assertThat(client.index(Rails.POOL)).isEqualTo(1);
    assertThat(server.sh("ls /dev/infiniband").lines())
        .hasSize(2)
        .contains("rdma_cm")
        .anyMatch(node -> node.startsWith("uverbs"));

    PingPong.Result result = PingPong.run(server, client, Rails.POOL);
    assertThat(result.passed()).as(result.toString()).isTrue();
    PingPong.Result hardCoded = PingPong.hardCoded(server, client, Rails.POOL, 3);
    assertThat(hardCoded.passed()).as(hardCoded.toString()).isFalse();

    pools.awaitRecorded(server, 2, "10.10.0.1");
    pools.awaitRecorded(client, 1, "10.10.0.2");
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
  void aPodWithUsersOfItsOwnReadsItsFilesAndOpensItsDevice() {
    RdmaPod pod =
        RdmaPod.create(kubectl, "users", RdmaPod.Wish.of(nodeB, Rails.POOL).withUsersOfItsOwn())
            .awaitRunning();
    assertThat(pod.sh("cat /proc/self/uid_map").strip()).doesNotContainPattern("^0 +0 ");
    assertThat(pod.indexInFile(Rails.POOL)).isEqualTo("1");
    assertThat(pod.sh("grep -c gidIndex /run/rdmagid/rail/assignment.json").strip())
        .isNotEqualTo("0");
    assertThat(pod.sh("ibv_devinfo -d $RDMAGID_RAIL_0_DEVICE")).contains("PORT_ACTIVE");
  }

  /** The GIDs of such a device come and go with it: before CNI there is none to choose. */
  @ParameterizedTest
  @CsvSource({"macvlan, macvlan-net, rxe2, true", "vlan, ipvlan-net, rxe1, false"})
  void aPodWithItsOwnNetdevGetsTheIndexThatExistsOnlyAfterCni(
      String kind, String pool, String device, boolean memlock) {
    // That of a former test's pod may be among them, and end meanwhile.
    List<String> namespaces = nodeA.sh("ls /run/netns").lines().toList();
    RdmaPod pod =
        RdmaPod.create(kubectl, "own-" + kind, RdmaPod.Wish.of(nodeA, pool).ofClass(kind));
    pod.awaitRunning();
    int index = pod.index(pool);
    String address = pod.get("{.status.podIP}");
    assertInTable(device, index, address);
    assertThat(pod.indexInFile(pool)).isEqualTo(Integer.toString(index));
    assertThat(pod.sh("env")).containsPattern("RDMAGID_\\w+_0_NETDEV=eth0\n");
    assertThat(pod.sh("ulimit -l").strip().equals("unlimited")).isEqualTo(memlock);
    pools.awaitRecorded(pod, index, address);

    pod.delete();
    InstalledAgents.await(() -> {
      assertThat(nodeA.sh("ibv_devinfo -v -d " + device))
          .as("nobody keeps its namespace")
          .doesNotContain(address);
      assertThat(nodeA.sh("ls /run/netns").lines()).isSubsetOf(namespaces);
      assertThat(kubectl.run("get", "rdmagidassignment", pod.name()).err()).contains("NotFound");
    });
  }

  @Test
  void whatItsAuthorSetsIsKeptAndReported() {
    Map<String, String> own =
        Map.of(
            "RDMAGID_RAIL_0_GID_INDEX", "7",
            "NCCL_IB_GID_INDEX", "3",
            "UCX_CONFIG_DIR", "/mine");
    RdmaPod pod =
        RdmaPod.create(kubectl, "own-mind", RdmaPod.Wish.of(nodeA, Rails.POOL).with(own))
            .awaitRunning();
    assertThat(pod.sh("env").lines())
        .contains(
            "RDMAGID_RAIL_0_GID_INDEX=7",
            "NCCL_IB_GID_INDEX=3",
            "UCX_CONFIG_DIR=/mine",
            "NCCL_CONF_FILE=/run/rdmagid/rail/nccl.conf",
            "RDMAGID_RAIL_0_DEVICE=rxe0",
            "NVSHMEM_IB_GID_INDEX=2");
    assertThat(pod.indexInFile(Rails.POOL)).isEqualTo("2");
    pools.awaitRecorded(pod, 2, "10.10.0.1");
    assertThat(OfferedPools.condition(pod, "message"))
        .contains("NCCL_IB_GID_INDEX, RDMAGID_RAIL_0_GID_INDEX, UCX_CONFIG_DIR of container main");
  }

  @Test
  void twoPoolsOfOneContainerShareOneSetOfFiles() {
    RdmaPod pod =
        RdmaPod.create(
            kubectl,
            "both",
            RdmaPod.Wish.of(nodeA, Map.of(Rails.POOL, 1, OfferedPools.IPVLAN, 1))
                .ofClass("ipvlan"));
    pod.awaitRunning();
    assertThat(pod.sh("cmp /run/rdmagid/rail/env /run/rdmagid/ipvlan-net/env && echo same").strip())
        .isEqualTo("same");
    assertThat(pod.index(Rails.POOL)).isEqualTo(2);
    int index = pod.index(OfferedPools.IPVLAN);
    assertInTable("rxe1", index, pod.get("{.status.podIP}"));
    assertThat(pod.indexInFile(OfferedPools.IPVLAN)).isEqualTo(Integer.toString(index));
  }

  @Test
  void aPodThatCanGetNothingEligibleSaysWhy() {
    // An ordinary pod's eth0 is a veth, which leads to no rail.
    RdmaPod pod = RdmaPod.create(kubectl, "nothing", RdmaPod.Wish.of(nodeA, OfferedPools.IPVLAN));
    InstalledAgents.await(() ->
        assertThat(pools.events("nothing"))
            .contains("pool ipvlan-net, rxe1/1: no RoCEv2 IPv4 GID"));
    assertThat(pod.get("{.status.containerStatuses[0].started}")).isNotEqualTo("true");
  }

  /** By the name of its runtime handler; what runs behind it here is crun. */
  @Test
  void aPodOfARuntimeWithAKernelOfItsOwnIsRefused() {
    RdmaPod pod =
        RdmaPod.create(kubectl, "apart", RdmaPod.Wish.of(nodeA, Rails.POOL).ofClass("kata"));
    InstalledAgents.await(() ->
        assertThat(pools.events("apart"))
            .contains("runtime handler kata runs pods on a kernel of their own"));
    assertThat(pod.get("{.status.containerStatuses[0].started}")).isNotEqualTo("true");
    // Without a device nobody minds.
    RdmaPod _ =
        RdmaPod.create(kubectl, "plain", RdmaPod.Wish.of(nodeA, Map.of()).ofClass("kata"))
            .awaitRunning();
  }

  @Test
  void aMovedAddressReachesFileRecordAndEvents() {
    RdmaPod pod =
        RdmaPod.create(kubectl, "moving", RdmaPod.Wish.of(nodeA, Rails.POOL)).awaitRunning();
    assertThat(pod.indexInFile(Rails.POOL)).isEqualTo("2");
    Rails.unshift(nodeA);
    try {
      InstalledAgents.await(() -> assertThat(pod.indexInFile(Rails.POOL)).isEqualTo("1"));
      pools.awaitRecorded(pod, 1, "10.10.0.1", "VariablesStale");
      assertThat(OfferedPools.condition(pod, "message")).contains("RDMAGID_RAIL_0_GID_INDEX");
      InstalledAgents.await(
          () -> assertThat(pools.events("moving")).containsAnyOf("IndexMoved", "Recovered"));

      Rails.readdress(kubectl, nodeA);
      // The index that its environment has from the start is right again, and the GID is not.
      pools.awaitRecorded(pod, 2, Rails.READDRESSED, "VariablesStale");
      assertThat(OfferedPools.condition(pod, "message"))
          .contains("RDMAGID_RAIL_0_GID")
          .doesNotContain("RDMAGID_RAIL_0_GID_INDEX");
      assertThat(pod.indexInFile(Rails.POOL)).isEqualTo("2");
      InstalledAgents.await(() -> assertThat(pools.events("moving")).contains("AddressMoved"));
    } finally {
      pools.agents().shift(nodeA);
    }
  }

  @Test
  void whichPoolAPortIsOfIsShownAndGoesWithThePool() {
    InstalledAgents.await(() -> {
      assertThat(published(".status.pools[*]"))
          .contains(Rails.POOL, OfferedPools.IPVLAN, OfferedPools.MACVLAN);
      assertThat(labelled(OfferedPools.MACVLAN)).containsExactly(nodeA.name(), nodeB.name());
      assertThat(published(".status.conditions[?(@.type==\"Offered\")].reason"))
          .containsOnly("Healthy");
    });

    String _ = kubectl.kubectl("delete", "rdmagidpool", OfferedPools.MACVLAN, "--wait=true");
    try {
      InstalledAgents.await(() -> {
        assertThat(published(".status.pools[*]"))
            .contains(Rails.POOL)
            .doesNotContain(OfferedPools.MACVLAN);
        assertThat(labelled(OfferedPools.MACVLAN)).isEmpty();
      });
    } finally {
      String _ = kubectl.apply(OfferedPools.macvlan());
      Rails.awaitOffered(kubectl, OfferedPools.MACVLAN, 2);
    }
    InstalledAgents.await(() ->
        assertThat(labelled(OfferedPools.MACVLAN)).containsExactly(nodeA.name(), nodeB.name()));
  }

  /** Nothing but the pod's end gives back what it holds, and nothing of this restarts anything. */
  @Test
  void aPoolThatLosesAPortUnderItsPodWaitsForThePod() {
    RdmaPod pod =
        RdmaPod.create(
                kubectl, "holding", RdmaPod.Wish.of(nodeA, OfferedPools.MACVLAN).onHostNetwork())
            .awaitRunning();
    int index = pod.index(OfferedPools.MACVLAN);
    String agent = agent();
    try {
      String _ =
          kubectl.kubectl(
              "patch",
              "rdmagidpool",
              OfferedPools.MACVLAN,
              "--type=merge",
              "-p",
              "{\"spec\":{\"ports\":[{\"netdevs\":[\"nowhere\"]}]}}");
      // What a pod holds stays in the capacity of its node.
      Rails.awaitOffered(kubectl, OfferedPools.MACVLAN, 1);
      InstalledAgents.await(
          () -> assertThat(OfferedPools.offered(kubectl, nodeA)).contains("rxe2 False Draining"));
      InstalledAgents.await(
          () -> assertThat(pool("{.metadata.finalizers[*]}")).contains("rdmagid.io/held"));

      String _ = kubectl.kubectl("delete", "rdmagidpool", OfferedPools.MACVLAN, "--wait=false");
      InstalledAgents.await(() ->
          assertThat(pool("{.status.conditions[?(@.type==\"Accepted\")].reason}"))
              .isEqualTo("BeingDeleted"));
      assertThat(pod.indexInFile(OfferedPools.MACVLAN)).isEqualTo(Integer.toString(index));
      assertThat(pod.get("{.status.containerStatuses[0].restartCount}")).isEqualTo("0");

      pod.delete();
      InstalledAgents.await(() ->
          assertThat(kubectl.run("get", "rdmagidpool", OfferedPools.MACVLAN).err())
              .contains("NotFound"));
      assertThat(agent()).isEqualTo(agent);
    } finally {
      pod.delete();
      InstalledAgents.await(() -> {
        String _ = kubectl.apply(OfferedPools.macvlan());
        assertThat(pool("{.metadata.deletionTimestamp}")).isEmpty();
      });
      Rails.awaitOffered(kubectl, OfferedPools.MACVLAN, 2);
    }
  }

  private static String pool(String path) {
    return kubectl.run("get", "rdmagidpool", OfferedPools.MACVLAN, "-o", "jsonpath=" + path).out();
  }

  /** The agent's pod on node-a, and how often it was restarted. */
  private static String agent() {
    return AgentInstallation.pod(
        kubectl,
        nodeA,
        "{.items[*].metadata.name} {.items[*].status.containerStatuses[*].restartCount}");
  }

  /** A field of all RdmaGids. */
  private static List<String> published(String path) {
    return List.of(
        kubectl
            .kubectl("get", "rdmagids", "-o", "jsonpath={.items[*]" + path + "}")
            .strip()
            .split(" "));
  }

  /** The nodes with the label of a pool. */
  private static List<String> labelled(String pool) {
    return kubectl
        .kubectl(
            "get",
            "nodes",
            "-l",
            "pool.rdmagid.io/" + pool + "=true",
            "-o",
            "custom-columns=N:.metadata.name",
            "--no-headers")
        .lines()
        .sorted()
        .toList();
  }

  /** By the programs of rdma-core. */
  private static void assertInTable(String device, int index, String address) {
    assertThat(nodeA.sh("ibv_devinfo -v -d " + device))
        .containsPattern("GID\\[ *" + index + "\\]:\\s*::ffff:" + address.replace(".", "\\."));
  }
}
