package io.rdmagid.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rdmagid.e2e.testbed.CollectOnFailure;
import io.rdmagid.e2e.testbed.Node;
import io.rdmagid.e2e.testbed.Output;
import io.rdmagid.e2e.testbed.Testbed;
import io.rdmagid.e2e.workload.RdmaPod;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(CollectOnFailure.class)
class TestbedTest {
  private static Testbed testbed;

  @BeforeAll
  static void up() {
    testbed = Testbed.up();
  }

  @Test
  void bothNodesAreReadyAndHaveTheirDevices() {
    for (Node node : testbed.nodes()) {
      assertThat(node.isReady()).as(node.name()).isTrue();
      assertThat(node.sh("rdma link"))
          .contains("rxe0/1 state ACTIVE", "rxe1/1 state ACTIVE", "rxe2/1 state ACTIVE");
    }
  }

  @Test
  void aMovedAddressMovesItsGid() {
    Node node = testbed.nodeA();
    String address = "10.10.9.1/24";
    node.addAddress(address, "rail0");
    try {
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> assertThat(gids(node, "rxe0")).contains("::ffff:10.10.9.1"));
      node.moveAddress(address, "rail0", "rail1");
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> {
            assertThat(gids(node, "rxe0")).doesNotContain("::ffff:10.10.9.1");
            assertThat(gids(node, "rxe1")).contains("::ffff:10.10.9.1");
          });
    } finally {
      node.removeAddress(address, "rail1");
    }
  }

  @Test
  void trafficFlowsOverARailWithTheRightIndices() {
    Node server = testbed.nodeA();
    Node client = testbed.nodeB();
    String pingpong = "timeout 60 ibv_rc_pingpong -d rxe0 -n 20 -g ";
    CompletableFuture<Output> serving =
        CompletableFuture.supplyAsync(() -> server.run(pingpong + index(server, "10.10.0.1")));
    await().atMost(Duration.ofSeconds(60)).until(() -> server.run("ss -ltn | grep -q :18515").ok());

    Output sent = client.run(pingpong + index(client, "10.10.0.2") + " 10.10.0.1");
    assertThat(sent.out() + sent.err()).contains("20 iters");
    assertThat(serving.join().out()).contains("20 iters");
  }

  /**
   * What containerd is left with where a deletion took longer than it waits: the runtime below has
   * the container no more. Where containerd does not believe that (etc/rdmagid/crun of the nodes
   * sees to it), the kubelet asks for the pod's end for as long as the node runs.
   */
  @Test
  void aPodWhoseSandboxTheRuntimeHasNoMoreEnds() {
    Node node = testbed.nodeA();
    String pod =
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: lost}
        spec:
          nodeName: node-a
          terminationGracePeriodSeconds: 0
          containers:
            - {name: main, image: localhost/rdma-tools:1, imagePullPolicy: Never, command: [sleep, infinity]}
        """;
    String _ = testbed.kubectl().apply(pod);
    RdmaPod _ = new RdmaPod(testbed.kubectl(), "lost").awaitRunning();
    List<String> containers =
        node.sh("ctr -n k8s.io containers ls -q 'labels.\"io.kubernetes.pod.name\"==lost'")
            .lines()
            .toList();
    assertThat(containers).hasSize(2);
    for (String container : containers) {
      String _ = node.sh("crun --root /run/containerd/runc/k8s.io delete --force " + container);
    }
    String _ = testbed.kubectl().kubectl("delete", "pod", "lost", "--wait=true");
    await()
        .atMost(Duration.ofMinutes(3))
        .untilAsserted(() ->
            assertThat(node.sh("ctr -n k8s.io tasks ls -q").lines())
                .doesNotContainAnyElementsOf(containers));
  }

  private static String gids(Node node, String device) {
    return node.sh("ibv_devinfo -v -d " + device + " | grep 'GID\\['");
  }

  private static int index(Node node, String address) {
    String gids = gids(node, "rxe0");
    Matcher entry =
        Pattern.compile("GID\\[\\s*(\\d+)\\]:\\s*::ffff:" + Pattern.quote(address) + ",")
            .matcher(gids);
    assertThat(entry.find()).as(gids).isTrue();
    return Integer.parseInt(entry.group(1));
  }
}
