package io.rdmagid.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.e2e.agent.AgentEndpoint;
import io.rdmagid.e2e.agent.AgentInstallation;
import io.rdmagid.e2e.workload.GatedPod;
import io.rdmagid.e2e.workload.Rails;
import io.rdmagid.e2e.workload.RdmaPod;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What pods keep, and what they never get, when one of those they rely on ends or hangs. */
class LifetimeTest extends OnOfferedPools {
  private static final String NRI_SOCKET = "/run/nri/nri.sock";
  private static final String CDI_SPEC = "/var/run/cdi/rdmagid.io-rdma.json";

  /** One that fails midway leaves the agent away, and the next ones' pods would be refused. */
  @AfterEach
  void awaitAgent() {
    InstalledAgents.awaitReady(nodeA);
    Rails.awaitOffered(kubectl, Rails.POOL, 2);
    Rails.awaitOffered(kubectl, OfferedPools.IPVLAN, 2);
  }

  @Test
  void theSameDevicesAndRightFilesAfterAgentKubeletAndContainerWereKilled() {
    RdmaPod pod =
        RdmaPod.create(kubectl, "lasting", RdmaPod.Wish.of(nodeA, Rails.POOL)).awaitRunning();
    String devices = pod.sh("ls /dev/infiniband");
    nodeA.restartKubelet();
    awaitKnown(pod);
    String _ = nodeA.sh("kill -9 " + InstalledAgents.PROCESS);
    Restarts.killContainer(nodeA);
    Restarts.await(pod);
    assertThat(new AgentEndpoint(nodeA).isReady()).as("the agent is there again").isFalse();
    assertThat(pod.sh("ls /dev/infiniband")).isEqualTo(devices);
    assertThat(pod.indexInFile(Rails.POOL)).isEqualTo("2");
    assertThat(pod.get("{.status.phase}")).isEqualTo("Running");
    awaitAgent();
    assertThat(pod.indexInFile(Rails.POOL)).isEqualTo("2");
  }

  @Test
  void aContainerThatRestartsWithTheAgentAwayHasTheSameDevicesAndRightFiles() {
    RdmaPod pod =
        RdmaPod.create(kubectl, "restarting", RdmaPod.Wish.of(nodeA, Rails.POOL)).awaitRunning();
    String devices = pod.sh("ls /dev/infiniband");
    String _ = nodeA.sh("kill -STOP " + InstalledAgents.PROCESS);
    try {
      Restarts.killContainer(nodeA);
      Restarts.await(pod);
      assertThat(pod.sh("ls /dev/infiniband")).isEqualTo(devices);
      assertThat(pod.sh("env")).as("made without the agent").doesNotContain("RDMAGID_RAIL_0");
      assertThat(pod.indexInFile(Rails.POOL)).isEqualTo("2");
    } finally {
      String _ = nodeA.sh("kill -CONT " + InstalledAgents.PROCESS);
    }
    awaitAgent();
    assertThat(pod.indexInFile(Rails.POOL)).isEqualTo("2");
  }

  /**
   * One that knows nothing of sandboxes older than itself says by NRI neither stop nor remove. Of
   * their containers it says that they are removed, which the kubelet does within a minute.
   */
  @Test
  @Tag("long")
  void whatARestartedRuntimeForgotFollows() {
    RdmaPod pod =
        RdmaPod.create(kubectl, "older", RdmaPod.Wish.of(nodeA, Rails.POOL)).awaitRunning();
    RdmaPod.Wish exclusive = RdmaPod.Wish.of(nodeA, OfferedPools.IPVLAN).ofClass("ipvlan");
    RdmaPod own = RdmaPod.create(kubectl, "older-own", exclusive).awaitRunning();
    nodeA.restartRuntime();
    Rails.unshift(nodeA);
    try {
      InstalledAgents.await(() -> assertThat(pod.indexInFile(Rails.POOL)).isEqualTo("1"));
    } finally {
      pools.agents().shift(nodeA);
    }
    InstalledAgents.await(() -> assertThat(pod.indexInFile(Rails.POOL)).isEqualTo("2"));
    awaitAgent();
    own.delete();
    RdmaPod next = RdmaPod.create(kubectl, "older-own", exclusive).awaitRunning();
    pools.awaitRecorded(next, next.index(OfferedPools.IPVLAN), next.get("{.status.podIP}"));
    next.delete();
    pod.delete();
    InstalledAgents.awaitLetGo(nodeA);
  }

  @Test
  void aContainerMadeWhileNriIsCutGetsItsFilesWhenTheAgentIsConnected() {
    GatedPod gated = GatedPod.create(kubectl, "cut", RdmaPod.Wish.of(nodeA, Rails.POOL));
    // The runtime listens on; nobody finds it until the socket has its name again.
    String _ =
        nodeA.sh(
            "mv %1$s %1$s.away && kill -9 %2$s".formatted(NRI_SOCKET, InstalledAgents.PROCESS));
    RdmaPod pod;
    try {
      pod = gated.open().awaitRunning();
    } finally {
      String _ = nodeA.sh("mv %1$s.away %1$s".formatted(NRI_SOCKET));
    }
    assertHasNoIndex(pod);
    awaitAgent();
    assertHasFilesOnly(pod);
  }

  /**
   * Nobody tells of their ends, and the runtime shows their sandboxes while their objects are
   * there. What the stopped agent was told dies with it.
   */
  @Test
  void podsThatEndWhileTheAgentIsAwayAreLetGo() {
    RdmaPod.Wish exclusive = RdmaPod.Wish.of(nodeA, OfferedPools.IPVLAN).ofClass("ipvlan");
    RdmaPod own = RdmaPod.create(kubectl, "ended", exclusive).awaitRunning();
    RdmaPod.Wish shared = RdmaPod.Wish.of(nodeA, Rails.POOL);
    RdmaPod host = RdmaPod.create(kubectl, "ended-host", shared.onHostNetwork()).awaitRunning();
    RdmaPod staying = RdmaPod.create(kubectl, "staying", shared).awaitRunning();
    InstalledAgents.await(() -> assertThat(InstalledAgents.claims(nodeA)).isEqualTo(3));
    String _ = nodeA.sh("kill -STOP " + InstalledAgents.PROCESS);
    try {
      end(own);
      end(host);
    } finally {
      String _ = nodeA.sh("kill -9 " + InstalledAgents.PROCESS);
    }
    awaitAgent();
    InstalledAgents.await(() -> assertThat(InstalledAgents.claims(nodeA)).isEqualTo(1));
    assertThat(staying.indexInFile(Rails.POOL)).isEqualTo("2");
    assertThat(own.get("{.status.phase}")).as("its object is there still").isEqualTo("Failed");
  }

  @Test
  @Tag("long")
  void whereNobodyListensAtNriTheKubeletAsksUntilSomebodyDoes() {
    AgentEndpoint agent = new AgentEndpoint(nodeA);
    String _ =
        nodeA.sh(
            "mv %1$s %1$s.away && kill -9 %2$s".formatted(NRI_SOCKET, InstalledAgents.PROCESS));
    try {
      awaitAgent();
      assertThat(agent.hearsBy("pre-start")).isTrue();
      RdmaPod asked =
          RdmaPod.create(kubectl, "asked", RdmaPod.Wish.of(nodeA, Rails.POOL)).awaitRunning();
      assertThat(asked.sh("env")).doesNotContain("RDMAGID_RAIL_0");
      assertThat(asked.indexInFile(Rails.POOL)).isEqualTo("2");
    } finally {
      String _ = nodeA.sh("mv %1$s.away %1$s".formatted(NRI_SOCKET));
    }
    InstalledAgents.await(() -> assertThat(agent.hearsBy("nri")).isTrue());
    RdmaPod told = createUntilAdmitted(agent);
    assertThat(told.index(Rails.POOL)).isEqualTo(2);
  }

  /**
   * Pools register anew when it changes how the agent hears; of a pod that comes just then its
   * controller makes another. That takes the kubelet a second, in which two pods can come.
   */
  private static RdmaPod createUntilAdmitted(AgentEndpoint agent) {
    for (int n = 0; n < 2; n++) {
      RdmaPod pod = RdmaPod.create(kubectl, "told-" + n, RdmaPod.Wish.of(nodeA, Rails.POOL));
      if (runsOrIsRefused(pod)) {
        return pod;
      }
      InstalledAgents.await(() -> assertThat(agent.hasRegistered(Rails.POOL)).isTrue());
    }
    throw new AssertionError("the kubelet refuses pods though pools have registered anew");
  }

  @Test
  void anAnswerAfterTheTimeOutReachesTheContainersFilesOnly() {
    GatedPod gated = GatedPod.create(kubectl, "late", RdmaPod.Wish.of(nodeA, Rails.POOL));
    RdmaPod pod;
    String _ = nodeA.sh("kill -STOP " + InstalledAgents.PROCESS);
    try {
      // The runtime asks, waits until its time-out, and goes on without an answer.
      pod = gated.open().awaitRunning();
      assertHasNoIndex(pod);
    } finally {
      String _ = nodeA.sh("kill -CONT " + InstalledAgents.PROCESS);
    }
    awaitAgent();
    assertHasFilesOnly(pod);
  }

  @Test
  void aCdiSpecThatIsRemovedComesBackAndPodsStart() {
    String spec = nodeA.sh("cat " + CDI_SPEC);
    String _ = nodeA.sh("rm " + CDI_SPEC);
    InstalledAgents.await(() -> assertThat(nodeA.run("cat " + CDI_SPEC).out()).isEqualTo(spec));
    RdmaPod pod =
        RdmaPod.create(kubectl, "from-spec", RdmaPod.Wish.of(nodeA, Rails.POOL)).awaitRunning();
    assertThat(pod.sh("ls /dev/infiniband").lines()).contains("rdma_cm");
    assertThat(pod.index(Rails.POOL)).isEqualTo(2);
  }

  /** Nothing that is published tells of such a node, so nothing else of the agent changes. */
  @Test
  void theNodeOfAModuleThatIsLoadedAfterTheAgentGetsIntoTheCdiSpec() {
    String spec = nodeA.sh("cat " + CDI_SPEC);
    assertThat(spec).contains("rdma_cm");
    String _ = nodeA.sh("rmmod rdma_ucm");
    try {
      InstalledAgents.await(
          () -> assertThat(nodeA.sh("cat " + CDI_SPEC)).doesNotContain("rdma_cm"));
    } finally {
      String _ = nodeA.sh("modprobe rdma_ucm");
    }
    InstalledAgents.await(() -> assertThat(nodeA.sh("cat " + CDI_SPEC)).isEqualTo(spec));
  }

  @Test
  void initContainerAndSidecarHaveTheirOwnDevicesAndIndices() {
    String _ =
        kubectl.apply(
            """
            apiVersion: v1
            kind: Pod
            metadata:
              name: three
            spec:
              nodeName: node-a
              terminationGracePeriodSeconds: 0
              initContainers:
                - name: init
                  image: localhost/rdma-tools:1
                  imagePullPolicy: Never
                  command: [sh, -c, "env; cat /run/rdmagid/rail/env"]
                  resources: {limits: {rdmagid.io/rail: 1}}
                - name: sidecar
                  image: localhost/rdma-tools:1
                  imagePullPolicy: Never
                  restartPolicy: Always
                  command: [sleep, infinity]
                  resources: {limits: {rdmagid.io/rail: 1}}
              containers:
                - name: main
                  image: localhost/rdma-tools:1
                  imagePullPolicy: Never
                  command: [sleep, infinity]
                  resources: {limits: {rdmagid.io/rail: 1}}
            """);
    RdmaPod pod = new RdmaPod(kubectl, "three").awaitRunning();
    assertThat(kubectl.kubectl("logs", "three", "-c", "init"))
        .containsSubsequence("RDMAGID_RAIL_0_GID_INDEX=2", "export RDMAGID_RAIL_0_GID_INDEX=2");
    assertThat(pod.index(Rails.POOL)).isEqualTo(2);
    assertThat(pod.indexInFile(Rails.POOL)).isEqualTo("2");
    RdmaPod sidecar = pod.container("sidecar");
    assertThat(sidecar.index(Rails.POOL)).isEqualTo(2);
    assertThat(sidecar.indexInFile(Rails.POOL)).isEqualTo("2");
    InstalledAgents.await(() ->
        assertThat(
                kubectl.kubectl(
                    "get",
                    "rdmagidassignment",
                    "three",
                    "-o",
                    "jsonpath={range .status.ports[*]}{.container}={.gidIndex} {end}"))
            .contains("main=2", "sidecar=2"));
  }

  @Test
  void aNewPodOnFreedIdsSeesItsOwnChoiceOnly() {
    RdmaPod.Wish wish = RdmaPod.Wish.of(nodeA, OfferedPools.IPVLAN).ofClass("ipvlan");
    RdmaPod first = RdmaPod.create(kubectl, "first", wish).awaitRunning();
    String folder = "/run/rdmagid/" + OfferedPools.IPVLAN;
    assertThat(first.sh("cat " + folder + "/assignment.json"))
        .contains(first.get("{.metadata.uid}"));
    String before = first.get("{.status.podIP}");
    first.delete();

    RdmaPod second =
        RdmaPod.create(kubectl, "second", wish.after("cp -r " + folder + " /tmp/first"))
            .awaitRunning();
    String address = second.get("{.status.podIP}");
    assertThat(second.sh("cat /tmp/first/assignment.json"))
        .contains(second.get("{.metadata.uid}"), "\"" + address + "\"")
        .doesNotContain("\"" + before + "\"");
    pools.awaitRecorded(second, second.index(OfferedPools.IPVLAN), address);
  }

  @Test
  void withoutTheOperatorPodsStartRightAndANewPoolWaits() {
    String _ = kubectl.kubectl("delete", "rdmagidpool", OfferedPools.MACVLAN);
    pools.testbed().operator().stop();
    try {
      String _ = kubectl.apply(OfferedPools.exclusive("new-net", "dummy0"));
      RdmaPod pod =
          RdmaPod.create(kubectl, "alone", RdmaPod.Wish.of(nodeA, Rails.POOL)).awaitRunning();
      assertThat(pod.index(Rails.POOL)).isEqualTo(2);
      assertThat(Rails.offering(kubectl, "new-net")).isZero();
    } finally {
      pools.testbed().operator().restart(AgentInstallation.NAMESPACE);
    }
    Rails.awaitOffered(kubectl, "new-net", 2);
  }

  /**
   * Until the restarted kubelet has taken the pod over. It answers {@code /healthz} some seconds
   * before that, and before it listens for the API server at all, and a container that ends in
   * between it does not know as one that had its devices: it asks for them anew, of a plugin that
   * has not registered again, and fails the pod (UnexpectedAdmissionError).
   */
  private static void awaitKnown(RdmaPod pod) {
    InstalledAgents.await(() ->
        assertThat(kubectl.run("get", "--raw", "/api/v1/nodes/node-a/proxy/pods").out())
            .contains("\"name\":\"" + pod.name() + "\""));
  }

  /** Ends its containers and its sandbox; its object stays. */
  private static void end(RdmaPod pod) {
    String _ =
        kubectl.kubectl(
            "patch", "pod", pod.name(), "-p", "{\"spec\":{\"activeDeadlineSeconds\":1}}");
    InstalledAgents.await(() ->
        assertThat(pod.get("{.status.conditions[?(@.type==\"PodReadyToStartContainers\")].status}"))
            .as("whether it has a sandbox")
            .isEqualTo("False"));
  }

  private static void assertHasNoIndex(RdmaPod pod) {
    assertThat(pod.sh("env")).doesNotContain("RDMAGID_RAIL_0");
    assertThat(pod.indexInFile(Rails.POOL)).isEmpty();
  }

  private static void assertHasFilesOnly(RdmaPod pod) {
    InstalledAgents.await(() -> assertThat(pod.indexInFile(Rails.POOL)).isEqualTo("2"));
    assertThat(pod.sh("env")).doesNotContain("RDMAGID_RAIL_0");
  }
}
