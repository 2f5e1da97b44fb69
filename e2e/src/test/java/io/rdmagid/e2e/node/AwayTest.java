package io.rdmagid.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.rdmagid.api.naming.RdmaGidName;
import io.rdmagid.e2e.testbed.CollectOnFailure;
import io.rdmagid.e2e.testbed.Node;
import io.rdmagid.e2e.testbed.Testbed;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The API server is away while a table changes. */
@ExtendWith(CollectOnFailure.class)
class AwayTest {
  private static final String MOVED = "10.20.0.88";

  private static InstalledAgents agents;

  @BeforeAll
  static void up() {
    agents = InstalledAgents.up();
  }

  @AfterAll
  static void reset() {
    agents.reset();
  }

  @Test
  void whatChangedWhileTheApiServerWasAwayIsWrittenOnceEach() {
    Testbed testbed = agents.testbed();
    Node node = testbed.nodeA();
    node.addAddress(MOVED + "/24", "rail0");
    try (KubernetesClient client = testbed.kubectl().client()) {
      InstalledAgents.awaitPublished(client, node);
      agents.awaitQuiet();
      Instant start = Instant.now();
      testbed.cutApiServer();
      try {
        node.moveAddress(MOVED + "/24", "rail0", "rail1");
        // The time away is what is tested: the agent tries and fails meanwhile.
        Awaitility.await()
            .pollInterval(Duration.ofSeconds(5))
            .during(Duration.ofSeconds(60))
            .atMost(Duration.ofSeconds(90))
            .until(() -> !testbed.controlPlane().isUp());
      } finally {
        testbed.restoreApiServer();
      }
      InstalledAgents.awaitPublished(client, node);
      Map<String, Long> once =
          Map.of(
              "rdmagids/" + RdmaGidName.of(node.name(), "rxe0", 1), 1L,
              "rdmagids/" + RdmaGidName.of(node.name(), "rxe1", 1), 1L,
              "nodes/" + node.name(), 1L);
      InstalledAgents.await(
          () -> assertThat(InstalledAgents.counts(agents.writesSince(start))).isEqualTo(once));
      agents.awaitQuiet();
      assertThat(InstalledAgents.counts(agents.writesSince(start))).isEqualTo(once);
    }
  }
}
