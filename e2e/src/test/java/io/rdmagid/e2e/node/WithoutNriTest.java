package io.rdmagid.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.e2e.workload.Rails;
import io.rdmagid.e2e.workload.RdmaPod;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Agents that do not use the runtime's NRI: the kubelet asks before each start of a container. */
@Tag("long")
@ChartValues({ChartValues.WITHOUT_NRI, ChartValues.NOT_HELD})
class WithoutNriTest extends OnOfferedPools {
  @Test
  void aPodHasItsIndexInFilesOnlyAndTheyFollow() {
    RdmaPod pod =
        RdmaPod.create(kubectl, "files", RdmaPod.Wish.of(nodeA, Rails.POOL)).awaitRunning();
    assertThat(pod.sh("env")).doesNotContain("RDMAGID_RAIL_0");
    assertThat(pod.indexInFile(Rails.POOL)).isEqualTo("2");
    pools.awaitRecorded(pod, 2, "10.10.0.1");
    Rails.unshift(nodeA);
    try {
      InstalledAgents.await(() -> assertThat(pod.indexInFile(Rails.POOL)).isEqualTo("1"));
      pools.awaitRecorded(pod, 1, "10.10.0.1");
    } finally {
      pools.agents().shift(nodeA);
    }
  }

  @Test
  void aPodWithItsOwnNetdevHasTheIndexOfItsAddress() {
    RdmaPod pod =
        RdmaPod.create(
                kubectl, "own", RdmaPod.Wish.of(nodeA, OfferedPools.IPVLAN).ofClass("ipvlan"))
            .awaitRunning();
    String address = pod.get("{.status.podIP}");
    assertThat(pod.sh("cat /run/rdmagid/" + OfferedPools.IPVLAN + "/assignment.json"))
        .contains("\"" + address + "\"");
    pools.awaitRecorded(pod, Integer.parseInt(pod.indexInFile(OfferedPools.IPVLAN)), address);
  }

  @Test
  void aContainerThatRestartsWaitsForTheAgentAndHasTheSameFiles() {
    RdmaPod pod =
        RdmaPod.create(kubectl, "waiting", RdmaPod.Wish.of(nodeA, Rails.POOL)).awaitRunning();
    String _ = nodeA.sh("kill -STOP " + InstalledAgents.PROCESS);
    try {
      Restarts.killContainer(nodeA);
      // The kubelet gives the plugin 30 s for its answer.
      InstalledAgents.await(() ->
          assertThat(pod.get("{.status.containerStatuses[0].state.waiting.message}"))
              .contains("DeadlineExceeded"));
    } finally {
      String _ = nodeA.sh("kill -CONT " + InstalledAgents.PROCESS);
    }
    InstalledAgents.await(
        () -> assertThat(pod.get("{.status.containerStatuses[0].ready}")).isEqualTo("true"));
    assertThat(pod.indexInFile(Rails.POOL)).isEqualTo("2");
  }

  @Test
  void anInitContainerHasFilesByTheDevicesThatAreLentAgain() {
    String _ = kubectl.apply(withInit("lent", "rdmagid.io/rail: 1"));
    RdmaPod pod = new RdmaPod(kubectl, "lent").awaitRunning();
    assertThat(kubectl.kubectl("logs", "lent", "-c", "init"))
        .contains("export RDMAGID_RAIL_0_GID_INDEX=2");
    assertThat(pod.indexInFile(Rails.POOL)).isEqualTo("2");
  }

  @Test
  void anInitContainerWithDevicesOfItsOwnIsRefusedInASentence() {
    String _ = kubectl.apply(withInit("alone", ""));
    InstalledAgents.await(() ->
        assertThat(pools.events("alone"))
            .contains("an init container needs one that asks for as many of the pool"));
  }

  private static String withInit(String name, String limits) {
    return """
    apiVersion: v1
    kind: Pod
    metadata:
      name: %s
    spec:
      nodeName: node-a
      terminationGracePeriodSeconds: 0
      initContainers:
        - name: init
          image: localhost/rdma-tools:1
          imagePullPolicy: Never
          command: [cat, /run/rdmagid/rail/env]
          resources: {limits: {rdmagid.io/rail: 1}}
      containers:
        - name: main
          image: localhost/rdma-tools:1
          imagePullPolicy: Never
          command: [sleep, infinity]
          resources: {limits: {%s}}
    """
        .formatted(name, limits);
  }
}
