package io.rdmagid.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.rdmagid.api.v1alpha1.RdmaGid;
import io.rdmagid.api.v1alpha1.RdmaGidStatus;
import io.rdmagid.e2e.agent.KernelTables;
import io.rdmagid.e2e.agent.PublishedTables;
import io.rdmagid.e2e.agent.TableEntry;
import io.rdmagid.e2e.testbed.CollectOnFailure;
import io.rdmagid.e2e.testbed.Node;
import io.rdmagid.gid.Gid;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Tests that change the network of node-a and compare what is published with what its kernel says.
 * Each starts from the nodes as {@link InstalledAgents#reset} leaves them. A class to extend, not
 * an extension: {@link CollectOnFailure} hears of methods that fail to set up, and of no
 * extensions.
 */
@ExtendWith(CollectOnFailure.class)
abstract class OnInstalledAgents {
  static InstalledAgents agents;
  static KubernetesClient client;
  static Node node;

  private final Deque<String> undo = new ArrayDeque<>();

  @BeforeAll
  static void up(TestInfo test) {
    agents = InstalledAgents.up(test);
    client = agents.testbed().kubectl().client();
    node = agents.testbed().nodeA();
  }

  @AfterEach
  void putBack() {
    if (!undo.isEmpty()) {
      String _ = node.sh(String.join("; ", undo) + "; true");
      undo.clear();
    }
    agents.reset();
    agents.awaitPublished();
  }

  @AfterAll
  static void close() {
    if (client != null) {
      client.close();
      client = null;
    }
  }

  /**
   * Changes the node.
   *
   * @param commands each of which must succeed
   * @param back what a shell runs after the test, whether or not {@code commands} got to their end
   */
  final void given(String commands, String back) {
    undo.push(back);
    String _ = node.sh("set -e; " + commands);
  }

  /** Waits until the kernel has an address in a device's table, on this network device. */
  final TableEntry awaitEntry(String device, String address, String netdev) {
    Predicate<TableEntry> wanted = at(device, address).and(entry -> entry.netdev().equals(netdev));
    InstalledAgents.await(() -> assertThat(KernelTables.of(node)).anyMatch(wanted));
    return KernelTables.of(node).stream().filter(wanted).findFirst().orElseThrow();
  }

  /** Waits until the kernel has an address in a device's table no longer. */
  final void awaitNoEntry(String device, String address) {
    InstalledAgents.await(() -> assertThat(KernelTables.of(node)).noneMatch(at(device, address)));
  }

  /**
   * Waits until all that the kernel has is published, and compares that with sysfs, slot by slot.
   */
  final void assertPublished() {
    assertPublished(_ -> true);
  }

  /** The same where some entries belong to other network namespaces. */
  final void assertPublished(Predicate<TableEntry> ofTheHost) {
    InstalledAgents.await(() ->
        assertThat(PublishedTables.of(client, node.name()))
            .containsExactlyElementsOf(only(KernelTables.of(node), ofTheHost)));
    assertThat(PublishedTables.of(client, node.name()))
        .containsExactlyElementsOf(only(KernelTables.bySysfs(node), ofTheHost));
  }

  /** What is published of the only port of a device. */
  final RdmaGidStatus status(String device) {
    return PublishedTables.objects(client, node.name()).stream()
        .filter(object -> object.getSpec().device().equals(device))
        .map(RdmaGid::getStatus)
        .findFirst()
        .orElseThrow(() -> new AssertionError("nothing is published of " + device));
  }

  private static Predicate<TableEntry> at(String device, String address) {
    String gid = Gid.ofAddress(address).toString();
    return entry -> entry.device().equals(device) && entry.gid().equals(gid);
  }

  private static List<TableEntry> only(Set<TableEntry> entries, Predicate<TableEntry> ofTheHost) {
    return entries.stream().filter(ofTheHost).toList();
  }
}
