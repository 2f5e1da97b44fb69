package io.rdmagid.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.e2e.testbed.Node;
import io.rdmagid.e2e.workload.RdmaPod;

/** A container that is killed, and made again in its sandbox. */
final class Restarts {
  private Restarts() {}

  /** Of the only pod of the node. */
  static void killContainer(Node node) {
    // From the node: inside, it is process 1, which no signal of its own namespace ends.
    String _ = node.sh("kill -9 $(pgrep -f '^sleep infinit[y]')");
  }

  /** Until the kubelet says so; after its own restart not what an earlier one said. */
  static void await(RdmaPod pod) {
    InstalledAgents.await(() ->
        assertThat(
                pod.get(
                    "{.status.containerStatuses[0].restartCount}"
                        + "{.status.containerStatuses[0].ready}"))
            .isEqualTo("1true"));
  }
}
