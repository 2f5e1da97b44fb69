package io.rdmagid.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.rdmagid.api.v1alpha1.RdmaGidAssignment;
import io.rdmagid.e2e.testbed.Kubectl;
import io.rdmagid.e2e.testbed.Node;
import io.rdmagid.e2e.testbed.Testbed;
import io.rdmagid.e2e.workload.Rails;
import io.rdmagid.e2e.workload.RdmaPod;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.TestInfo;

/**
 * The testbed with one pool a netdev, offered by both nodes: {@link Rails#POOL} shares rail0 by the
 * hosts' GIDs, whose index is 2 on node-a and 1 on node-b; {@link #IPVLAN} and {@link #MACVLAN}
 * give rail1 and dummy0 to one pod each, by the pod's own GIDs. The pools stay for the next class.
 */
final class OfferedPools implements AutoCloseable {
  static final String IPVLAN = "ipvlan-net";
  static final String MACVLAN = "macvlan-net";
  private static final Set<String> NAMES = Set.of(Rails.POOL, IPVLAN, MACVLAN);

  private final InstalledAgents agents;

  private OfferedPools(InstalledAgents agents) {
    this.agents = agents;
  }

  static OfferedPools up(TestInfo test) {
    InstalledAgents agents = InstalledAgents.upWithPools(test);
    Kubectl kubectl = agents.testbed().kubectl();
    removeOthers(kubectl);
    agents.shift(agents.testbed().nodeA());
    agents.awaitPublished();
    String _ = kubectl.apply(exclusive(IPVLAN, "rail1"));
    String _ = kubectl.apply(macvlan());
    Rails.offer(kubectl, Rails.POOL, Rails.pool(), 2);
    Rails.awaitOffered(kubectl, IPVLAN, 2);
    Rails.awaitOffered(kubectl, MACVLAN, 2);
    return new OfferedPools(agents);
  }

  private static void removeOthers(Kubectl kubectl) {
    kubectl
        .kubectl("get", "rdmagidpools", "-o", "name")
        .lines()
        .filter(pool -> !NAMES.contains(pool.substring(pool.indexOf('/') + 1)))
        .forEach(pool -> kubectl.kubectl("delete", pool, "--wait=true"));
  }

  /** A pool of one netdev, whose port one pod has at a time. */
  static String exclusive(String name, String netdev) {
    return """
    apiVersion: rdmagid.io/v1alpha1
    kind: RdmaGidPool
    metadata:
      name: %s
    spec:
      ports:
        - netdevs: [%s]
    """
        .formatted(name, netdev);
  }

  /** Also lets containers lock memory without limit. */
  static String macvlan() {
    return exclusive(MACVLAN, "dummy0") + "  memlock: true\n";
  }

  /** The ports of a node, each as its device, and status and reason of its condition Offered. */
  static List<String> offered(Kubectl kubectl, Node node) {
    return kubectl
        .kubectl(
            "get",
            "rdmagids",
            "--field-selector",
            "spec.nodeName=" + node.name(),
            "-o",
            "jsonpath={range .items[*]}{.spec.device} "
                + "{.status.conditions[?(@.type==\"Offered\")]['status','reason']}{\"\\n\"}{end}")
        .lines()
        .toList();
  }

  InstalledAgents agents() {
    return agents;
  }

  Testbed testbed() {
    return agents.testbed();
  }

  Kubectl kubectl() {
    return testbed().kubectl();
  }

  Node nodeA() {
    return testbed().nodeA();
  }

  Node nodeB() {
    return testbed().nodeB();
  }

  void removePods() {
    String _ = kubectl().kubectl("delete", "pods", "--all", "--wait=true");
  }

  /** The reasons and messages of the Events of a pod. */
  String events(String pod) {
    return kubectl()
        .run(
            "get",
            "events",
            "--field-selector",
            "involvedObject.name=" + pod,
            "-o",
            "custom-columns=R:.reason,M:.message")
        .out();
  }

  /** The record by the agent, and the operator's copy of it on the pod: all is well. */
  void awaitRecorded(RdmaPod pod, int index, String address) {
    awaitRecorded(pod, index, address, "Assigned");
  }

  /**
   * The same.
   *
   * @param reason of the pod's condition
   */
  void awaitRecorded(RdmaPod pod, int index, String address, String reason) {
    try (KubernetesClient client = kubectl().client()) {
      InstalledAgents.await(() -> {
        RdmaGidAssignment record =
            client
                .resources(RdmaGidAssignment.class)
                .inNamespace("default")
                .withName(pod.name())
                .get();
        assertThat(record).isNotNull().extracting(RdmaGidAssignment::getStatus).isNotNull();
        assertThat(record.getStatus().ports())
            .singleElement()
            .satisfies(row -> {
              assertThat(row.gidIndex()).isEqualTo(index);
              assertThat(row.address()).isEqualTo(address);
              assertThat(row.state()).isEqualTo("current");
            });
      });
    }
    InstalledAgents.await(() ->
        assertThat(pod.get("{.metadata.annotations.rdmagid\\.io/assignment}"))
            .contains("\"index\":" + index));
    InstalledAgents.await(() -> assertThat(condition(pod, "reason")).isEqualTo(reason));
  }

  /** A field of the condition that the operator sets on a pod. */
  static String condition(RdmaPod pod, String field) {
    return pod.get("{.status.conditions[?(@.type==\"rdmagid.io/GidAssigned\")]." + field + "}");
  }

  @Override
  public void close() {
    agents.reset();
  }
}
