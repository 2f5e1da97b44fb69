package io.rdmagid.e2e.node;

import io.rdmagid.e2e.testbed.CollectOnFailure;
import io.rdmagid.e2e.testbed.Kubectl;
import io.rdmagid.e2e.testbed.Node;
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
}
