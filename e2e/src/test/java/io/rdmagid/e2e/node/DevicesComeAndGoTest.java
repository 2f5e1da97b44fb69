package io.rdmagid.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.api.v1alpha1.RdmaGid;
import io.rdmagid.e2e.agent.KernelTables;
import io.rdmagid.e2e.agent.PublishedTables;
import io.rdmagid.e2e.agent.TableEntry;
import io.rdmagid.e2e.testbed.Node;
import java.util.List;
import org.junit.jupiter.api.Test;

/** RDMA devices that are removed and added under the agent, and slots that are held. */
class DevicesComeAndGoTest extends OnInstalledAgents {
  /** Linux does so since 6.12, by the fourth multicast group of NETLINK_RDMA. */
  @Test
  void theKernelTellsTheAgentOfDevices() {
    List<String> listening =
        node.sh("awk '$2 == 20 && $4 == \"00000008\" { print $NF }' /proc/net/netlink")
            .lines()
            .map("socket:[%s]"::formatted)
            .toList();
    assertThat(node.sh("ls -l /proc/" + InstalledAgents.PROCESS + "/fd"))
        .containsAnyOf(listening.toArray(String[]::new));
  }

  /** The kernel waits with the removal until the agent has let go of the device. */
  @Test
  void twoDevicesAreUnpluggedAndPlugged() {
    given(
        "rdma link del rxe1; rdma link del rxe2",
        "rdma link show rxe1/1 >&2 || rdma link add rxe1 type rxe netdev rail1; "
            + "rdma link show rxe2/1 >&2 || rdma link add rxe2 type rxe netdev dummy0");
    InstalledAgents.await(() ->
        assertThat(PublishedTables.objects(client, node.name()))
            .extracting(RdmaGid::getSpec)
            .extracting("device")
            .containsExactly("rxe0"));
    assertPublished();

    given(
        "rdma link add rxe2 type rxe netdev dummy0; rdma link add rxe1 type rxe netdev rail1",
        "true");
    awaitEntry("rxe1", "10.10.1." + node.number(), "rail1");
    awaitEntry("rxe2", "10.10.2." + node.number(), "dummy0");
    assertPublished();
  }

  /**
   * A queue pair holds its slot. The address that comes back meanwhile gets another, and keeps it:
   * this is how an index moves though nothing has changed.
   */
  @Test
  void anIndexThatAQueuePairHoldsComesBackElsewhere() {
    Node peer = agents.testbed().nodeB();
    String address = "10.10.1." + node.number();
    TableEntry before = awaitEntry("rxe1", address, "rail1");
    String pingPong = "ibv_rc_pingpong -d rxe1 -n 100000000 -g ";
    String stop = "pkill -9 ibv_rc_pingpong || true";
    given("nohup " + pingPong + before.index() + " > /tmp/pingpong.log 2>&1 &", stop);
    InstalledAgents.await(() ->
        assertThat(node.sh("cat /proc/net/tcp /proc/net/tcp6 | grep -ci ':4853 ' || true").strip())
            .isNotEqualTo("0"));
    try {
      String _ =
          peer.sh(
              "nohup "
                  + pingPong
                  + peerIndex(peer)
                  + " "
                  + node.address()
                  + " > /tmp/pingpong.log 2>&1 &");
      InstalledAgents.await(() ->
          assertThat(node.sh("rdma resource show qp link rxe1")).contains("type RC state RTS"));
      // They need not work on: it is the queue pair that holds the slot.
      String _ = peer.sh("pkill -STOP ibv_rc_pingpong");
      String _ = node.sh("pkill -STOP ibv_rc_pingpong");

      String _ =
          node.sh(
              "ip addr del %1$s/24 dev rail1 && ip addr add %1$s/24 dev rail1".formatted(address));
      InstalledAgents.await(() ->
          assertThat(awaitEntry("rxe1", address, "rail1").index()).isNotEqualTo(before.index()));
      assertPublished();
      int after = awaitEntry("rxe1", address, "rail1").index();
      assertThat(status("rxe1").preferred().index()).isEqualTo(after);

      String _ = node.sh(stop);
      InstalledAgents.await(
          () -> assertThat(node.sh("rdma resource show qp link rxe1")).doesNotContain("type RC"));
      assertThat(awaitEntry("rxe1", address, "rail1").index()).isEqualTo(after);
      assertPublished();
    } finally {
      String _ = peer.sh(stop);
    }
  }

  private static int peerIndex(Node peer) {
    return KernelTables.of(peer).stream()
        .filter(entry ->
            entry.device().equals("rxe1") && entry.gid().equals("::ffff:10.10.1." + peer.number()))
        .findFirst()
        .orElseThrow()
        .index();
  }
}
