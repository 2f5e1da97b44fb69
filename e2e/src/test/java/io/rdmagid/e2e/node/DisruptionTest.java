package io.rdmagid.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.rdmagid.e2e.testbed.CollectOnFailure;
import io.rdmagid.e2e.testbed.Diagnostics;
import io.rdmagid.e2e.testbed.Node;
import io.rdmagid.e2e.testbed.Testbed;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the driver does to nodes, and that they come back. */
@ExtendWith(CollectOnFailure.class)
class DisruptionTest {
  private static Testbed testbed;

  @BeforeAll
  static void up() {
    testbed = Testbed.up();
  }

  @Test
  void theKubeletRestarts() {
    Node node = testbed.nodeA();
    node.restartKubelet();
    node.awaitReady();
  }

  @Test
  void theApiServerIsAwayAndComesBack() {
    testbed.cutApiServer();
    try {
      assertThat(testbed.kubectl().run("get", "nodes").ok()).isFalse();
    } finally {
      testbed.restoreApiServer();
    }
    try (KubernetesClient client = testbed.kubectl().client()) {
      await()
          .atMost(Duration.ofMinutes(1))
          .untilAsserted(
              () -> assertThat(client.nodes().list().getItems()).hasSize(testbed.nodes().size()));
    }
  }

  @Test
  void diagnosticsHaveTheGidTables() throws IOException {
    var collected = Diagnostics.collect(testbed, "DisruptionTest");
    assertThat(Files.readString(collected.resolve("node-a-ibv-devinfo-v.txt")))
        .contains("::ffff:10.10.0.1");
    assertThat(Files.readString(collected.resolve("nodes.yaml"))).contains("node-b");
    assertThat(collected.resolve("node-b-kubelet.log")).isNotEmptyFile();
  }
}
