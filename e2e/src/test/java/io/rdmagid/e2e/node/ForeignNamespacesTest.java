package io.rdmagid.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.e2e.agent.KernelTables;
import io.rdmagid.e2e.agent.TableEntry;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Entries of other network namespaces stand in the same table and are never taken for the host's.
 */
@Tag("long")
class ForeignNamespacesTest extends OnInstalledAgents {

  @ParameterizedTest
  @ValueSource(strings = {"macvlan mode bridge", "ipvlan mode l2", "vlan id 7"})
  void aDeviceThatMovesIntoANamespace(String type) {
    given(
        "ip netns add other; ip link add link rail1 name own0 type "
            + type
            + "; ip addr add 10.31.0.1/24 dev own0; ip link set own0 up",
        "ip link del own0; ip netns del other");
    awaitEntry("rxe1", "10.31.0.1", "own0");
    assertPublished();

    given("ip link set own0 netns other", "ip -n other link del own0");
    awaitNoEntry("rxe1", "10.31.0.1");
    assertPublished();

    given("ip -n other addr add 10.31.0.1/24 dev own0; ip -n other link set own0 up", "true");
    awaitEntry("rxe1", "10.31.0.1", "own0");
    assertHostsOnly("own0");
  }

  /** An ifindex means nothing by itself. */
  @Test
  void oneIfindexInTwoNamespaces() {
    given(
        "ip netns add other; ip link add link rail0 name own1 index 4242 type macvlan mode bridge; "
            + "ip link set own1 netns other; "
            + "ip -n other addr add 10.31.1.2/24 dev own1; ip -n other link set own1 up",
        "ip -n other link del own1; ip netns del other");
    given(
        "ip link add link rail0 name own0 index 4242 type macvlan mode bridge; "
            + "ip addr add 10.31.1.1/24 dev own0; ip link set own0 up",
        "ip link del own0");
    assertThat(node.sh("cat /sys/class/net/own0/ifindex; ip -n other -o link show dev own1"))
        .startsWith("4242\n4242: own1@");
    awaitEntry("rxe0", "10.31.1.1", "own0");
    awaitEntry("rxe0", "10.31.1.2", "own1");
    assertHostsOnly("own1");
  }

  /**
   * All but the entries of this netdev are published, and those are counted. They are read as all
   * others, slot by slot, but for the netdev's name: that is another namespace's.
   */
  private void assertHostsOnly(String foreign) {
    assertPublished(entry -> !entry.netdev().equals(foreign));
    // An address may come between the two looks: the namespace's link gets one by itself.
    InstalledAgents.await(() ->
        assertThat(
                CommandInAgent.shown(
                    new CommandInAgent(agents.testbed(), node).json("show", "--agent", "none")))
            .containsExactlyElementsOf(
                KernelTables.bySysfs(node).stream()
                    .map(entry -> entry.netdev().equals(foreign) ? entry.on("") : entry)
                    .toList()));
    for (String device : new String[] {"rxe0", "rxe1"}) {
      long entries =
          KernelTables.of(node).stream().filter(entry -> is(entry, device, foreign)).count();
      InstalledAgents.await(
          () -> assertThat(status(device).podGidCount()).as(device).isEqualTo((int) entries));
    }
  }

  private static boolean is(TableEntry entry, String device, String netdev) {
    return entry.device().equals(device) && entry.netdev().equals(netdev);
  }
}
