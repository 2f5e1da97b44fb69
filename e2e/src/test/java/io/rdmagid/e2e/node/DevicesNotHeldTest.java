package io.rdmagid.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.e2e.agent.AgentEndpoint;
import io.rdmagid.e2e.agent.PublishedTables;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Agents that open a device for its readings only, so that a driver can be unloaded under them. */
@Tag("long")
@ChartValues({ChartValues.WITHOUT_NRI, ChartValues.NOT_HELD})
class DevicesNotHeldTest extends OnInstalledAgents {
  private static final String USERS = "cat /sys/module/rdma_rxe/refcnt";

  /** Else the others' zero would say nothing. */
  @Test
  void whoHasADeviceOpenIsCounted() {
    assertThat(node.sh("exec 9<>/dev/infiniband/uverbs0; " + USERS).strip()).isNotEqualTo("0");
  }

  /** No event of a device comes: netlink alone tells. */
  @Test
  void changesOfAddressesAreSeen() {
    awaitNobody();
    given("ip addr add 10.34.0.1/24 dev rail0", "true");
    awaitEntry("rxe0", "10.34.0.1", "rail0");
    assertPublished();

    node.moveAddress("10.34.0.1/24", "rail0", "rail1");
    awaitEntry("rxe1", "10.34.0.1", "rail1");
    assertPublished();

    node.removeAddress("10.34.0.1/24", "rail1");
    awaitNoEntry("rxe1", "10.34.0.1");
    assertPublished();
    awaitNobody();
  }

  /** The kernel refuses that, at once, while anybody has a device of the driver open. */
  @Test
  void theDriverIsUnloadedAndLoaded() {
    awaitNobody();
    given(
        "rmmod rdma_rxe",
        "modprobe rdma_rxe; for i in 0:rail0 1:rail1 2:dummy0; do rdma link show rxe${i%:*}/1 >&2 "
            + "|| rdma link add rxe${i%:*} type rxe netdev ${i#*:}; done");
    InstalledAgents.await(() -> assertThat(PublishedTables.objects(client, node.name())).isEmpty());

    given(
        "modprobe rdma_rxe; rdma link add rxe2 type rxe netdev dummy0; "
            + "rdma link add rxe1 type rxe netdev rail1; rdma link add rxe0 type rxe netdev rail0",
        "true");
    awaitEntry("rxe0", "10.10.0." + node.number(), "rail0");
    assertPublished();
    awaitNobody();
  }

  /**
   * Each message of netlink, whatever it is about, is followed by readings until a second later.
   */
  private static void awaitNobody() {
    InstalledAgents.awaitNoReading(new AgentEndpoint(node));
    assertThat(users()).as("who has devices open").isZero();
  }

  private static int users() {
    return Integer.parseInt(node.sh(USERS).strip());
  }
}
