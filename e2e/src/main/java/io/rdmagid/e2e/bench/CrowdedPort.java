package io.rdmagid.e2e.bench;

import io.rdmagid.e2e.testbed.Kubectl;
import io.rdmagid.e2e.testbed.Node;
import io.rdmagid.e2e.testbed.Poll;
import io.rdmagid.e2e.workload.Rails;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** One port of a node that many containers share, each with an allocation of its own. */
final class CrowdedPort implements AutoCloseable {
  private static final int PODS = 10;
  private static final int CONTAINERS_OF_A_POD = 10;

  /** How many there are. */
  static final int CONTAINERS = PODS * CONTAINERS_OF_A_POD;

  /** A container takes seconds of an emulated processor. */
  private static final Duration PATIENCE = Duration.ofMinutes(15);

  private final Kubectl kubectl;

  private CrowdedPort(Kubectl kubectl) {
    this.kubectl = kubectl;
  }

  /** Makes the pool and the pods, and waits until all containers run. */
  static CrowdedPort of(Kubectl kubectl, Node node) {
    Rails.offer(kubectl, Rails.POOL, Rails.pool(CONTAINERS), 2);
    // One pod after the other: containers that start at once keep the runtime from its deadlines.
    for (int pod = 0; pod < PODS; pod++) {
      String name = "crowd-" + pod;
      String _ = kubectl.apply(yaml(node, name));
      Poll.until(
          "the containers of pod " + name,
          PATIENCE,
          () ->
              kubectl
                  .run(
                      "get",
                      "pod",
                      name,
                      "-o",
                      "jsonpath={.status.conditions[?(@.type==\"Ready\")].status}")
                  .out()
                  .equals("True"),
          () -> kubectl.run("describe", "pod", name).out());
    }
    return new CrowdedPort(kubectl);
  }

  private static String yaml(Node node, String name) {
    return """
    apiVersion: v1
    kind: Pod
    metadata:
      name: %s
    spec:
      nodeName: %s
      hostNetwork: true
      terminationGracePeriodSeconds: 0
      containers:
    """
            .formatted(name, node.name())
        + IntStream.range(0, CONTAINERS_OF_A_POD)
            .mapToObj(
                """
                    - name: c%d
                      image: localhost/rdma-tools:1
                      imagePullPolicy: Never
                      command: [sleep, infinity]
                      resources: {limits: {rdmagid.io/rail: 1}}
                """
                    ::formatted)
            .collect(Collectors.joining());
  }

  @Override
  public void close() {
    String _ = kubectl.kubectl("delete", "pods", "--all", "--wait=true");
    String _ = kubectl.kubectl("delete", "rdmagidpool", Rails.POOL, "--wait=true");
  }
}
