package io.rdmagid.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.rdmagid.e2e.agent.KernelTables;
import io.rdmagid.e2e.agent.PublishedTables;
import io.rdmagid.e2e.agent.TableEntry;
import io.rdmagid.e2e.testbed.CollectOnFailure;
import io.rdmagid.e2e.testbed.Node;
import java.util.List;
import java.util.Random;
import java.util.SortedSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What is published equals what the kernel says, on every port, interfaces that are down included.
 */
@ExtendWith(CollectOnFailure.class)
class PublishedTablesTest {
  private static final int CHANGES = Integer.getInteger("rdmagid.changes", 50);
  private static final int CHANGES_A_ROUND = 10;
  private static final List<String> NETDEVS = List.of("rail0", "rail1", "dummy0");

  private static InstalledAgents agents;

  @BeforeAll
  static void up(TestInfo test) {
    agents = InstalledAgents.up(test);
  }

  @AfterAll
  static void reset() {
    agents.reset();
  }

  /** By the API server's own count. */
  @Test
  void theAgentsRequestsHaveAPriorityLevelOfTheirOwn() {
    assertThat(agents.testbed().kubectl().kubectl("get", "--raw", "/metrics").lines())
        .filteredOn(line -> line.startsWith("apiserver_flowcontrol_dispatched_requests_total{"))
        .filteredOn(line -> line.contains("priority_level=\"rdmagid-agents\""))
        .singleElement()
        .asString()
        .contains("flow_schema=\"rdmagid-agents\"")
        .doesNotEndWith(" 0");
  }

  @Test
  void equalTheKernelsAfterRandomChanges() {
    long seed = Long.getLong("rdmagid.seed", System.nanoTime());
    System.out.println("seed " + seed + " (repeat with -Drdmagid.seed=" + seed + ")");
    Random random = new Random(seed);
    try (KubernetesClient client = agents.testbed().kubectl().client()) {
      for (int done = 0; done < CHANGES; done += CHANGES_A_ROUND) {
        for (Node node : agents.testbed().nodes()) {
          StringBuilder script = new StringBuilder();
          for (int i = 0; i < CHANGES_A_ROUND / 2; i++) {
            script.append(change(random)).append("; ");
          }
          String _ = node.sh(script.append("true").toString());
        }
        for (Node node : agents.testbed().nodes()) {
          InstalledAgents.awaitPublished(client, node);
        }
      }
    }
  }

  @Test
  void aLinkThatIsDownKeepsItsEntries() {
    Node node = agents.testbed().nodeA();
    agents.reset();
    node.linkDown("rail1");
    try (KubernetesClient client = agents.testbed().kubectl().client()) {
      InstalledAgents.awaitPublished(client, node);
      SortedSet<TableEntry> kernels = KernelTables.bySysfs(node);
      assertThat(kernels).anyMatch(entry -> entry.netdev().equals("rail1"));
      // What was published before the addresses went, and came again, was the same.
      InstalledAgents.await(() ->
          assertThat(PublishedTables.of(client, node.name())).containsExactlyElementsOf(kernels));
      InstalledAgents.await(() ->
          assertThat(PublishedTables.objects(client, node.name()))
              .filteredOn(object -> "rail1".equals(object.getStatus().netdev()))
              .singleElement()
              .satisfies(object -> {
                assertThat(object.getStatus().state()).isEqualTo("DOWN");
                assertThat(object.getStatus().conditions())
                    .anyMatch(condition ->
                        condition.getType().equals("Ready")
                            && condition.getStatus().equals("False")
                            && condition.getReason().equals("PortDown"));
              }));
    } finally {
      node.linkUp("rail1");
    }
  }

  /**
   * A shell command that may fail where it makes no sense: an address twice, or one that is not
   * there.
   */
  private static String change(Random random) {
    String netdev = NETDEVS.get(random.nextInt(NETDEVS.size()));
    int host = 100 + random.nextInt(4);
    return switch (random.nextInt(6)) {
      case 0 -> "ip addr add 10.20.0." + host + "/24 dev " + netdev + " 2>/dev/null";
      case 1 -> "ip addr del 10.20.0." + host + "/24 dev " + netdev + " 2>/dev/null";
      case 2 -> "ip addr add 2001:db8::" + host + "/64 dev " + netdev + " nodad 2>/dev/null";
      case 3 -> "ip addr del 2001:db8::" + host + "/64 dev " + netdev + " 2>/dev/null";
      case 4 -> "ip link set " + netdev + " down";
      default -> "ip link set " + netdev + " up";
    };
  }
}
