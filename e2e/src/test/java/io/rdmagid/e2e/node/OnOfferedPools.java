package io.rdmagid.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.e2e.testbed.CollectOnFailure;
import io.rdmagid.e2e.testbed.Kubectl;
import io.rdmagid.e2e.testbed.Node;
import io.rdmagid.e2e.testbed.TestbedException;
import io.rdmagid.e2e.workload.RdmaPod;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Tests on {@link OfferedPools}, each from a cluster without pods. A class to extend, not an
 * extension: {@link CollectOnFailure} hears of methods that fail to set up, and of no extensions.
 */
@ExtendWith(CollectOnFailure.class)
abstract class OnOfferedPools {
  static OfferedPools pools;
  static Kubectl kubectl;
  static Node nodeA;
  static Node nodeB;

  @BeforeAll
  static void up(TestInfo test) {
    pools = OfferedPools.up(test);
    kubectl = pools.kubectl();
    nodeA = pools.nodeA();
    nodeB = pools.nodeB();
  }

  @AfterEach
  void removePods() {
    pools.removePods();
  }

  @AfterAll
  static void close() {
    if (pools != null) {
      pools.close();
      pools = null;
    }
  }

  /**
   * Whether the pod runs. The kubelet refuses one whose Allocate had no answer, or that comes while
   * the plugin registers anew; its controller would make another.
   */
  static boolean runsOrIsRefused(RdmaPod pod) {
    try {
      RdmaPod _ = pod.awaitRunning();
      return true;
    } catch (TestbedException e) {
      assertThat(pod.get("{.status.phase} {.status.reason}"))
          .isEqualTo("Failed UnexpectedAdmissionError");
      return false;
    }
  }
}
