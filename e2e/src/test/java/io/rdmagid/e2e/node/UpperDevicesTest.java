package io.rdmagid.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.api.v1alpha1.PreferredGid;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Addresses that a port has by the network devices on top of its own, and what happens to those
 * devices: the table is published as the kernel has it, whatever they are.
 */
@Tag("long")
class UpperDevicesTest extends OnInstalledAgents {
  private static final int FAILOVERS = 10;

  @Test
  void vlan() {
    given(
        "ip link add link rail0 name rail0.5 type vlan id 5; ip addr add 10.30.0.1/24 dev rail0.5; "
            + "ip link set rail0.5 up",
        "ip link del rail0.5");
    awaitEntry("rxe0", "10.30.0.1", "rail0.5");
    assertPublished();
  }

  @Test
  void bridge() {
    given(
        "ip link add br7 type bridge; ip link set rail1 master br7; ip addr add 10.30.1.1/24 dev br7; "
            + "ip link set br7 up",
        "ip link set rail1 nomaster; ip link del br7");
    awaitEntry("rxe1", "10.30.1.1", "br7");
    assertPublished();
  }

  /** The address goes from one RDMA device to the other, and back. */
  @Test
  void anActiveBackupBondOverTwoDevicesFailsOver() {
    given(
        "ip link add bond7 type bond mode active-backup miimon 100; "
            + "for n in rail0 rail1; do ip link set $n down; ip addr flush dev $n; ip link set $n master bond7; done; "
            + "ip link set bond7 up; ip addr add 10.30.2.1/24 dev bond7",
        "ip link del bond7");
    // The kernel refuses to make a slave active of which it does not know yet that it is up.
    InstalledAgents.await(() ->
        assertThat(node.sh("cat /sys/class/net/rail[01]/bonding_slave/mii_status").lines())
            .containsExactly("up", "up"));
    for (int failover = 0; failover < FAILOVERS; failover++) {
      String before = activeSlave();
      int active = before.equals("rail0") ? 1 : 0;
      awaitEntry("rxe" + (1 - active), "10.30.2.1", "bond7");
      String _ = node.sh("ip link set bond7 type bond active_slave rail" + active);
      assertThat(activeSlave()).isEqualTo("rail" + active).isNotEqualTo(before);
      awaitEntry("rxe" + active, "10.30.2.1", "bond7");
      awaitNoEntry("rxe" + (1 - active), "10.30.2.1");
      assertPublished();
      assertThat(status("rxe" + active).preferred().address()).isEqualTo("10.30.2.1");
      assertThat(status("rxe" + (1 - active)).preferred()).isNull();
    }
  }

  @Test
  void oneAddressOnSeveralNetdevs() {
    given(
        "ip link add link rail0 name rail0.6 type vlan id 6; ip link set rail0.6 up; "
            + "for n in rail0 rail0.6 rail1; do ip addr add 10.30.3.1/32 dev $n; done",
        "ip link del rail0.6");
    awaitEntry("rxe0", "10.30.3.1", "rail0");
    awaitEntry("rxe0", "10.30.3.1", "rail0.6");
    awaitEntry("rxe1", "10.30.3.1", "rail1");
    assertPublished();
  }

  /** The kernel makes the GID of such an address from the peer's. */
  @Test
  void pointToPointAddress() {
    given("ip addr add 10.30.4.1 peer 10.30.4.2 dev rail0", "true");
    awaitEntry("rxe0", "10.30.4.2", "rail0");
    assertPublished();
  }

  /** While it is up, so that nothing but the rename itself tells of it. */
  @Test
  void aRenamedNetdev() {
    given("ip link set rail1 name other1", "ip link set other1 name rail1");
    awaitEntry("rxe1", "10.10.1." + node.number(), "other1");
    assertPublished();
    assertThat(status("rxe1").netdev()).isEqualTo("other1");
  }

  /** The MTU of RDMA follows that of the netdev, and no RDMA event tells of it. */
  @Test
  void aChangedMtu() {
    int before = status("rxe2").mtu();
    given("ip link set dummy0 mtu 9000", "ip link set dummy0 mtu 1500");
    InstalledAgents.await(() -> assertThat(status("rxe2").mtu()).isEqualTo(4096));
    assertThat(before).isLessThan(4096);
    assertThat(node.sh("ibv_devinfo -d rxe2")).containsPattern("active_mtu:\\s*4096");
    assertPublished();
  }

  /**
   * An address whose uniqueness is not yet known is in the table already. The test says when the
   * kernel may finish: the probes, of which there are many, come fast then.
   */
  @Test
  void ipv6OnlyBeforeAndAfterDuplicateAddressDetection() {
    given(
        "ip addr flush dev rail1 scope global; sysctl -q -w net.ipv6.conf.rail1.dad_transmits=120; "
            + "ip addr add 2001:db8:30::1/64 dev rail1",
        "sysctl -q -w net.ipv6.conf.rail1.dad_transmits=1 net.ipv6.neigh.rail1.retrans_time_ms=1000; "
            + "ip addr del 2001:db8:30::1/64 dev rail1");
    awaitEntry("rxe1", "2001:db8:30::1", "rail1");
    assertPublished();
    assertThat(node.sh("ip -6 addr show dev rail1 tentative")).contains("2001:db8:30::1");
    assertThat(status("rxe1").preferred()).isNull();

    String _ = node.sh("sysctl -q -w net.ipv6.neigh.rail1.retrans_time_ms=1");
    InstalledAgents.await(() ->
        assertThat(node.sh("ip -6 addr show dev rail1 tentative")).doesNotContain("2001:db8"));
    assertPublished();
    InstalledAgents.await(() ->
        assertThat(status("rxe1").preferred())
            .extracting(PreferredGid::address)
            .isEqualTo("2001:db8:30::1"));
  }

  private static String activeSlave() {
    return node.sh("cat /sys/class/net/bond7/bonding/active_slave").strip();
  }
}
