package io.rdmagid.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.e2e.agent.AgentInstallation;
import io.rdmagid.e2e.testbed.CollectOnFailure;
import io.rdmagid.e2e.testbed.Kubectl;
import io.rdmagid.e2e.testbed.Node;
import io.rdmagid.e2e.workload.KubectlWatch;
import io.rdmagid.e2e.workload.Rails;
import io.rdmagid.e2e.workload.RdmaPod;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Many pods at once, and many one after the other. */
@ExtendWith(CollectOnFailure.class)
class ChurnTest {
  private static final int CROWD = 20;
  private static final int WAVE = 5;

  /** How many pods, and how often the kubelet restarts under them. */
  private static final int PODS = Integer.getInteger("rdmagid.churn.pods", 8);

  /** How many pods while the agents are replaced. */
  private static final int ROLLING = PODS / 2;

  private static final int RESTARTS = Integer.getInteger("rdmagid.churn.restarts", 1);

  /** A pod comes and goes in some 20 s of an emulated processor; only a hang reaches it. */
  private static final Duration GUARD = Duration.ofMinutes(4 + PODS);

  private static final String CAPACITY = "{.status.capacity.rdmagid\\.io/rail}";

  private static InstalledAgents agents;
  private static Kubectl kubectl;
  private static Node nodeA;
  private static Node nodeB;

  @BeforeAll
  static void up(TestInfo test) {
    agents = InstalledAgents.up(test);
    kubectl = agents.testbed().kubectl();
    nodeA = agents.testbed().nodeA();
    nodeB = agents.testbed().nodeB();
  }

  @AfterEach
  void removeAll() {
    String _ = kubectl.kubectl("delete", "pods", "--all", "--wait=true");
    // Else the next class begins while the node is busy with twenty sandboxes that end.
    InstalledAgents.awaitLetGo(nodeA);
    String _ = kubectl.kubectl("delete", "rdmagidpools", "--all", "--wait=true");
  }

  @AfterAll
  static void reset() {
    if (agents != null) {
      agents.reset();
    }
  }

  @Test
  void aCrowdSharesOnePort() {
    agents.shift(nodeA);
    // A former test's pods may have folders for up to a minute.
    Set<String> folders = folders();
    Rails.offer(kubectl, Rails.POOL, Rails.pool(CROWD), 2);
    RdmaPod.Wish wish =
        RdmaPod.Wish.of(nodeA, Rails.POOL)
            .onHostNetwork()
            .after(
                "echo $RDMAGID_RAIL_0_DEVICE $RDMAGID_RAIL_0_GID_INDEX;"
                    + " grep _GID_INDEX /run/rdmagid/rail/env");
    // They come in waves: twenty containers that start at once take the emulated node over the
    // runtime's own deadlines.
    for (int wave = 0; wave < CROWD; wave += WAVE) {
      createAll(wave, wave + WAVE, pod -> RdmaPod.yaml("crowd-" + pod, wish));
      int there = wave + WAVE;
      InstalledAgents.await(() ->
          assertThat(each("pods", "{.status.phase}"))
              .containsExactlyElementsOf(Collections.nCopies(there, "Running")));
    }
    for (int pod = 0; pod < CROWD; pod++) {
      String name = "crowd-" + pod;
      // The container runs before its shell has said anything.
      InstalledAgents.await(() ->
          assertThat(kubectl.kubectl("logs", name).lines())
              .startsWith("rxe0 2")
              .contains("export RDMAGID_RAIL_0_GID_INDEX=2"));
    }
    InstalledAgents.await(() ->
        assertThat(each("rdmagidassignments", "{.status.ports[*].gidIndex}"))
            .containsExactlyElementsOf(Collections.nCopies(CROWD, "2")));

    String _ = kubectl.kubectl("delete", "pods", "--all", "--wait=true");
    InstalledAgents.awaitLetGo(nodeA);
    InstalledAgents.await(() -> {
      assertThat(each("rdmagidassignments", "{.metadata.name}")).isEmpty();
      assertThat(folders()).isSubsetOf(folders);
    });
  }

  /**
   * Each pod locks a file of its device's name on its node, which only one can, for longer than
   * another pod needs to start; the kernel unlocks it when the last process that holds it has
   * ended, however that was. More pods wait than there are devices, so that each device goes from
   * one to the next at once.
   */
  @Test
  @Tag("long")
  @Timeout(value = 3, unit = TimeUnit.HOURS)
  void noDeviceIsHeldByTwoPodsOfAnExclusivePool() {
    Rails.offer(kubectl, "churn", OfferedPools.exclusive("churn", "rail1, dummy0"), 2);
    createAll(
        0,
        PODS,
        pod ->
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: churn-%d}
            spec:
              hostNetwork: true
              restartPolicy: Never
              terminationGracePeriodSeconds: 0
              volumes: [{name: held, hostPath: {path: /run/held, type: DirectoryOrCreate}}]
              containers:
                - name: main
                  image: localhost/rdma-tools:1
                  imagePullPolicy: Never
                  command: [sh, -c, "d=$(ls /dev/infiniband | grep uverbs) || exit 3; exec 9>/held/$d; flock -n 9 || exit 4; sleep 10"]
                  volumeMounts: [{name: held, mountPath: /held}]
                  resources: {limits: {rdmagid.io/churn: 1}}
            """
                .formatted(pod));
    for (int restart = 1; restart <= RESTARTS; restart++) {
      awaitEnded(PODS * restart / (RESTARTS + 2));
      nodeA.restartKubelet();
    }
    awaitEnded(PODS);
    assertThat(outcomes())
        .hasSize(PODS)
        .allMatch(outcome -> isAllowed(outcome, "churn"))
        .filteredOn("Succeeded 0"::equals)
        .hasSizeGreaterThan(PODS / 2);
  }

  /**
   * A pod whose container is made while its node's agent is away runs without an index, which is
   * not a wrong one, and a pod that a kubelet has no agent for is refused.
   */
  @Test
  @Tag("long")
  @Timeout(value = 3, unit = TimeUnit.HOURS)
  void aRollingUpdateOfTheAgentsLeavesCapacityAndPods() {
    AgentInstallation.installWith(agents.testbed(), "agent.maxUnavailable=1");
    agents.shift(nodeA);
    Rails.offer(kubectl, Rails.POOL, Rails.pool(), 2);
    RdmaPod lastingA =
        RdmaPod.create(kubectl, "lasting-a", RdmaPod.Wish.of(nodeA, Rails.POOL)).awaitRunning();
    RdmaPod lastingB =
        RdmaPod.create(kubectl, "lasting-b", RdmaPod.Wish.of(nodeB, Rails.POOL)).awaitRunning();
    createAll(
        0,
        ROLLING,
        pod ->
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: churn-%d}
            spec:
              hostNetwork: true
              restartPolicy: Never
              terminationGracePeriodSeconds: 0
              containers:
                - name: main
                  image: localhost/rdma-tools:1
                  imagePullPolicy: Never
                  command:
                    - sh
                    - -c
                    - |
                      [ $(hostname) = node-a ] && right=2 || right=1
                      for i in 1 2 3 4 5 6 7 8 9 10; do
                        file=$(sed -n 's/^export RDMAGID_RAIL_0_GID_INDEX=//p' /run/rdmagid/rail/env)
                        [ ${RDMAGID_RAIL_0_GID_INDEX:-$right} = $right ] || exit 5
                        [ ${file:-$right} = $right ] || exit 6
                        sleep 1
                      done
                  resources: {limits: {rdmagid.io/rail: 1}}
            """
                .formatted(pod));
    awaitEnded(2);
    try (KubectlWatch capacity =
        KubectlWatch.quiet(
            kubectl,
            "get",
            "nodes",
            "--watch",
            "-o",
            "jsonpath={.metadata.name} " + CAPACITY + "{\"\\n\"}")) {
      String _ =
          kubectl.kubectl(
              "-n", AgentInstallation.NAMESPACE, "rollout", "restart", "daemonset/rdmagid-agent");
      awaitEnded(ROLLING);
      // An agent that starts beside so many pods takes an emulated node minutes.
      AgentInstallation.awaitReady(agents.testbed());
      assertThat(capacity.isRunning()).isTrue();
      for (Node node : agents.testbed().nodes()) {
        assertThat(capacity.saw(0, (node.name() + " 4")::equals)).as(node.name()).isTrue();
      }
      assertThat(capacity.saw(0, line -> !line.endsWith(" 4"))).isFalse();
    }
    assertThat(outcomes())
        .hasSize(ROLLING + 2)
        .contains("Running ")
        .allMatch(outcome -> outcome.equals("Running ") || isAllowed(outcome, Rails.POOL))
        .filteredOn("Succeeded 0"::equals)
        .hasSizeGreaterThanOrEqualTo(ROLLING / 2);
    assertThat(lastingA.indexInFile(Rails.POOL)).isEqualTo("2");
    assertThat(lastingB.indexInFile(Rails.POOL)).isEqualTo("1");
    for (RdmaPod lasting : List.of(lastingA, lastingB)) {
      assertThat(lasting.get("{.status.containerStatuses[0].restartCount}")).isEqualTo("0");
    }
    InstalledAgents.await(() ->
        assertThat(each("nodes", CAPACITY + " {.status.allocatable.rdmagid\\.io/rail}"))
            .containsExactly("4 4", "4 4"));
  }

  /**
   * A kubelet that restarts takes back what it has asked of the runtime: a container that is being
   * started then fails to start, also where its process ran already. And it may refuse a pod while
   * the plugin registers with it again: it says UnexpectedAdmissionError, or OutOf and the
   * resource.
   */
  private static boolean isAllowed(String outcome, String pool) {
    return outcome.equals("Succeeded 0")
        || outcome.startsWith("Failed UnexpectedAdmissionError")
        || outcome.equals("Failed OutOfrdmagid.io/" + pool)
        || (outcome.startsWith("Failed 128") && outcome.endsWith("context canceled"));
  }

  /** What containers' files are in, a folder an allocation. */
  private static Set<String> folders() {
    return nodeA.sh("ls /var/lib/rdmagid/allocations").lines().collect(Collectors.toSet());
  }

  private static List<String> outcomes() {
    return each(
        "pods",
        "{.status.phase} {.status.reason}{.status.containerStatuses[*].state.terminated['exitCode','message']}");
  }

  private static void awaitEnded(int pods) {
    Awaitility.await()
        .atMost(GUARD)
        .pollInterval(Duration.ofSeconds(1))
        .untilAsserted(() ->
            assertThat(each("pods", "{.status.phase}"))
                .filteredOn(phase -> phase.equals("Succeeded") || phase.equals("Failed"))
                .hasSizeGreaterThanOrEqualTo(pods));
  }

  private static void createAll(int from, int to, IntFunction<String> yaml) {
    String _ =
        kubectl.apply(
            IntStream.range(from, to).mapToObj(yaml).collect(Collectors.joining("---\n")));
  }

  /** A field of each object, as a JSON path. */
  private static List<String> each(String resource, String field) {
    return kubectl
        .kubectl("get", resource, "-o", "jsonpath={range .items[*]}" + field + "{\"\\n\"}{end}")
        .lines()
        .toList();
  }
}
