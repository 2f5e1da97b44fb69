package io.rdmagid.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rdmagid.e2e.testbed.CollectOnFailure;
import io.rdmagid.e2e.testbed.Node;
import io.rdmagid.e2e.testbed.Output;
import io.rdmagid.e2e.testbed.Testbed;
import java.time.Duration;
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
