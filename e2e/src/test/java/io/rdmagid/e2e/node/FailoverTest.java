package io.rdmagid.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.e2e.workload.MoveTimes;
import io.rdmagid.e2e.workload.PingPong;
import io.rdmagid.e2e.workload.Rails;
import io.rdmagid.e2e.workload.RdmaPod;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What becomes of pods whose GID goes elsewhere, by the policy of their pool. */
class FailoverTest extends OnOfferedPools {
  private static final String BOND = "bond";
  private static final String ADDRESS = "10.30.2.1";

  /** The address goes to the other device, whose port the pod does not have, and comes back. */
  @Test
  void underRefreshFileRecordAnnotationAndEventsFollowABond() {
    String _ =
        nodeA.sh(
            "set -e; ip link add bond7 type bond mode active-backup miimon 100; "
                + "for n in rail1 dummy0; do ip link set $n down; ip addr flush dev $n; ip link set $n master bond7; done; "
                + "ip link set bond7 up; ip addr add %s/24 dev bond7".formatted(ADDRESS));
    try {
      // The kernel refuses to make a slave active of which it does not know yet that it is up.
      InstalledAgents.await(() ->
          assertThat(nodeA.sh("cat /sys/class/net/bond7/lower_*/bonding_slave/mii_status").lines())
              .containsExactly("up", "up"));
      activate("rail1");
      Rails.offer(kubectl, BOND, bondedRail(), 1);
      RdmaPod pod = RdmaPod.create(kubectl, "bonded", RdmaPod.Wish.of(nodeA, BOND)).awaitRunning();
      int first = Integer.parseInt(pod.indexInFile(BOND));
      pools.awaitRecorded(pod, first, ADDRESS);

      try (MoveTimes times =
          MoveTimes.of(kubectl, pod.name())
              .file(BOND, "! grep -q _GID_INDEX= $file")
              .record(" +node-a +rxe1 +none")
              .annotation("\"state\":\"none\"")
              .event("Lost")
              .begun()) {
        long start = System.nanoTime();
        activate("dummy0");
        System.out.println("A bond fails over to a device that the pod does not have:");
        times.print(start);
      }
      assertThat(pod.indexInFile(BOND)).isEmpty();
      InstalledAgents.await(
          () -> assertThat(OfferedPools.condition(pod, "status")).isEqualTo("False"));
      assertThat(annotation(pod)).doesNotContain(ADDRESS);

      // Another address comes first now, and takes the slot when both are back.
      String _ =
          nodeA.sh(
              "set -e; ip addr add 10.30.3.1/24 dev bond7; ip addr del %1$s/24 dev bond7; ip addr add %1$s/24 dev bond7"
                  .formatted(ADDRESS));
      try (MoveTimes times =
          MoveTimes.of(kubectl, pod.name())
              .file(BOND, "grep _GID_INDEX= $file | grep -qv =%d$".formatted(first))
              .record(" +node-a +rxe1 +\\d+ +current")
              .annotation("\"state\":\"current\"")
              .event("Recovered")
              .begun()) {
        long start = System.nanoTime();
        activate("rail1");
        System.out.println("It comes back, to another index:");
        times.print(start);
      }
      assertThat(pod.indexInFile(BOND)).isNotEqualTo(Integer.toString(first));
      int second = Integer.parseInt(pod.indexInFile(BOND));
      pools.awaitRecorded(pod, second, ADDRESS, "VariablesStale");
      assertThat(pod.get("{.status.containerStatuses[0].restartCount}")).isEqualTo("0");
    } finally {
      removePods();
      String _ = nodeA.sh("ip link del bond7");
      pools.agents().reset();
    }
  }

  /** Neither pod has a label that says which belong together: their owner does. */
  @Test
  void underEvictGroupAJobOfTwoPodsComesBackWithTheRightIndicesAndPassesTraffic() {
    pools.agents().shift(nodeA);
    offer("EvictGroup");
    String _ = kubectl.apply(job(2));
    try {
      List<RdmaPod> before = awaitPods(2);
      assertThat(indices(before)).containsExactly(2, 1);
      assertPassTraffic(before);
      before.forEach(pod -> pools.awaitRecorded(pod, pod.index(Rails.POOL), address(pod)));
      List<String> former = uids(before);

      Rails.readdress(kubectl, nodeA);
      InstalledAgents.await(
          () -> assertThat(uids(pods())).hasSize(2).doesNotContainAnyElementsOf(former));
      List<RdmaPod> after = awaitPods(2);
      assertThat(indices(after)).containsExactly(3, 1);
      assertPassTraffic(after);
      pools.awaitRecorded(after.getFirst(), 3, Rails.READDRESSED);
      InstalledAgents.await(
          () -> assertThat(pools.events(before.getFirst().name())).contains("AddressMoved"));
      for (RdmaPod pod : before) {
        InstalledAgents.await(() ->
            assertThat(pools.events(pod.name()).lines())
                .filteredOn(line -> line.startsWith("EvictedForFailover "))
                .hasSize(1));
      }
    } finally {
      removeJob();
    }
  }

  /** The first address of the subnet becomes another one. */
  @Test
  @Tag("long")
  void underEvictThePodOfAnAddressThatMovedComesBackWithTheRightIndex() {
    pools.agents().shift(nodeA);
    offer("Evict");
    // Of two nodes only this one has room.
    String _ = kubectl.kubectl("cordon", nodeB.name());
    String _ = kubectl.apply(job(1));
    try {
      RdmaPod before = awaitPods(1).getFirst();
      pools.awaitRecorded(before, 2, "10.10.0.1");
      List<String> former = uids(List.of(before));

      Rails.readdress(kubectl, nodeA);
      InstalledAgents.await(
          () -> assertThat(uids(pods())).hasSize(1).doesNotContainAnyElementsOf(former));
      RdmaPod after = awaitPods(1).getFirst();
      assertThat(after.index(Rails.POOL)).isEqualTo(3);
      pools.awaitRecorded(after, 3, Rails.READDRESSED);
      assertThat(pools.events(before.name())).contains("AddressMoved", "EvictedForFailover");
    } finally {
      String _ = kubectl.kubectl("uncordon", nodeB.name());
      removeJob();
    }
  }

  /** Pods may come at once: what failover does is nothing that is offered. */
  private static void offer(String policy) {
    Rails.offer(
        kubectl,
        Rails.POOL,
        Rails.pool() + "  failover: {onGidChange: %s, gracePeriodSeconds: 1}\n".formatted(policy),
        2);
  }

  private void removeJob() {
    String _ = kubectl.kubectl("delete", "job", "training", "--wait=true");
    removePods();
    withdraw();
  }

  private static String job(int pods) {
    return """
    apiVersion: batch/v1
    kind: Job
    metadata: {name: training}
    spec:
      parallelism: %1$d
      completions: %1$d
      completionMode: Indexed
      template:
        metadata: {labels: {app: training}}
        spec:
          restartPolicy: Never
          terminationGracePeriodSeconds: 0
          affinity:
            podAntiAffinity:
              requiredDuringSchedulingIgnoredDuringExecution:
                - labelSelector: {matchLabels: {app: training}}
                  topologyKey: kubernetes.io/hostname
          containers:
            - name: main
              image: localhost/rdma-tools:1
              imagePullPolicy: Never
              command: [sleep, infinity]
              resources: {limits: {rdmagid.io/rail: 1}}
    """
        .formatted(pods);
  }

  private static String bondedRail() {
    return """
    apiVersion: rdmagid.io/v1alpha1
    kind: RdmaGidPool
    metadata: {name: bond}
    spec:
      nodeSelector: {matchLabels: {kubernetes.io/hostname: node-a}}
      ports:
        - names: [rxe1] # its netdev is the bond, as is the other's
      gid: {scope: Host, subnets: [10.30.2.0/24]}
    """;
  }

  /** What is left of it would move other tests' pods. */
  private static void withdraw() {
    String _ = kubectl.kubectl("delete", "rdmagidpool", Rails.POOL, "--wait=true");
    Rails.awaitOffered(kubectl, Rails.POOL, 0);
  }

  private static void activate(String slave) {
    String _ = nodeA.sh("ip link set bond7 type bond active_slave " + slave);
  }

  private static String annotation(RdmaPod pod) {
    return pod.get("{.metadata.annotations.rdmagid\\.io/assignment}");
  }

  /** The pods of the job, that of node-a first. */
  private static List<RdmaPod> pods() {
    return kubectl
        .kubectl("get", "pods", "-l", "app=training", "-o", "name", "--sort-by=.spec.nodeName")
        .lines()
        .map(pod -> new RdmaPod(kubectl, pod.substring(pod.indexOf('/') + 1)))
        .toList();
  }

  private static List<RdmaPod> awaitPods(int count) {
    InstalledAgents.await(() ->
        assertThat(pods())
            .hasSize(count)
            .allSatisfy(pod ->
                assertThat(pod.get("{.status.containerStatuses[0].ready}")).isEqualTo("true")));
    return pods();
  }

  private static List<String> uids(List<RdmaPod> pods) {
    return pods.stream().map(pod -> pod.get("{.metadata.uid}")).toList();
  }

  private static List<Integer> indices(List<RdmaPod> pods) {
    return pods.stream().map(pod -> pod.index(Rails.POOL)).toList();
  }

  private static String address(RdmaPod pod) {
    return pod.get("{.spec.nodeName}").equals(nodeA.name()) ? "10.10.0.1" : "10.10.0.2";
  }

  private static void assertPassTraffic(List<RdmaPod> pods) {
    PingPong.Result result = PingPong.run(pods.getFirst(), pods.getLast(), Rails.POOL);
    assertThat(result.passed()).as(result.toString()).isTrue();
  }
}
