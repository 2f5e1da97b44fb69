package io.rdmagid.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.e2e.agent.AgentInstallation;
import io.rdmagid.e2e.workload.Rails;
import io.rdmagid.e2e.workload.RdmaPod;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The agent is killed in the midst of an allocation's life. Whatever the container's environment
 * then has, its files have the right index when the agent is back, and so has the record.
 */
class AgentKilledTest extends OnOfferedPools {
  private static final int KILLS = Integer.getInteger("rdmagid.kills", 3);

  /** The kubelet makes a container that ended often wait longer each time, and not a new one. */
  private static final int KILLS_OF_ONE = 3;

  /** Which steps are drawn. That of a failed run, in its output, has the same ones drawn again. */
  private static final long SEED = Long.getLong("rdmagid.seed", System.currentTimeMillis());

  /**
   * How far an allocation is at least, by what is on the disk of the node since {@code MARKER}.
   * What is reached stays, so that a busy node's shell cannot miss it; mostly the kill is in time
   * for what is said of the step.
   */
  enum Step {
    /** The kubelet's Allocate is being answered, or was a moment ago. */
    ALLOCATED("find /var/lib/rdmagid/allocations -newer MARKER -name env | grep -q ."),
    /** The container's sandbox owns the folder, and nothing is chosen. */
    CLAIMED("grep -qs '\"POD\"' /var/lib/rdmagid/records/*.json"),
    /** The files have an index; the runtime waits for the answer, or has it. */
    CHOSEN(
        "find /var/lib/rdmagid/allocations -newer MARKER -name env -exec grep -l GID_INDEX {} + | grep -q ."),
    /** What the container is to have is noted; the runtime waits for the answer, or has it. */
    MADE(
        "f=$(grep -ls '\"POD\"' /var/lib/rdmagid/records/*.json) && grep -Eqs '\"made\" ?: ?true' $f"),
    /** The address has another index, and the files have it; the record may be the old one. */
    MOVED(
        "find /var/lib/rdmagid/allocations -newer MARKER -name env -exec grep -l GID_INDEX=1 {} + | grep -q ."),
    /** The sandbox has ended, and nobody owns the folder. */
    ENDED("! grep -qs '\"POD\"' /var/lib/rdmagid/records/*.json");

    private final String reached;

    Step(String reached) {
      this.reached = reached;
    }

    /** Kills the agent as soon as the step is reached. */
    CompletableFuture<String> kill(String pod) {
      String _ = nodeA.sh("touch /run/marker");
      String condition = reached.replace("MARKER", "/run/marker").replace("POD", pod);
      return CompletableFuture.supplyAsync(() ->
          nodeA.sh(
              "n=0; until "
                  + condition
                  + "; do n=$((n + 1)); [ $n -lt 3000 ] || exit 1; sleep 0.02; done; kill -9 "
                  + InstalledAgents.PROCESS));
    }
  }

  /** Each step once before one comes again. */
  static Stream<Arguments> kills() {
    System.out.printf("AgentKilledTest: -Drdmagid.kills=%d -Drdmagid.seed=%d%n", KILLS, SEED);
    Random random = new Random(SEED);
    List<Step> drawn = new ArrayList<>();
    while (drawn.size() < KILLS) {
      List<Step> steps = new ArrayList<>(Arrays.asList(Step.values()));
      Collections.shuffle(steps, random);
      drawn.addAll(steps);
    }
    return IntStream.range(0, KILLS).mapToObj(kill -> Arguments.of(drawn.get(kill), kill));
  }

  @ParameterizedTest
  @MethodSource("kills")
  void noContainerHasAnIndexThatIsNotRight(Step step, int kill) {
    String name = "killed-" + kill;
    if (kill % KILLS_OF_ONE == 0 && !restarts().equals("0")) {
      InstalledAgents.replace(kubectl, nodeA);
      awaitAgent();
    }
    // Until the sandboxes of former pods have ended: that writes files, too.
    InstalledAgents.awaitLetGo(nodeA);
    switch (step) {
      case MOVED -> whileItsAddressMoves(name);
      case ENDED -> whileItEnds(name);
      default -> whileItStarts(name, step);
    }
    RdmaPod next =
        RdmaPod.create(kubectl, name + "-next", RdmaPod.Wish.of(nodeA, Rails.POOL)).awaitRunning();
    assertThat(next.index(Rails.POOL)).isEqualTo(2);
    assertThat(next.indexInFile(Rails.POOL)).isEqualTo("2");
    next.delete();
  }

  /** How often the kubelet has started the agent's container anew. */
  private static String restarts() {
    return AgentInstallation.pod(
        kubectl, nodeA, "{.items[*].status.containerStatuses[*].restartCount}");
  }

  private static void whileItStarts(String name, Step step) {
    CompletableFuture<String> killed = step.kill(name);
    RdmaPod pod = RdmaPod.create(kubectl, name, RdmaPod.Wish.of(nodeA, Rails.POOL));
    await(killed, pod);
    boolean runs = runsOrIsRefused(pod);
    awaitAgent();
    if (runs) {
      String index = pod.sh("echo $RDMAGID_RAIL_0_GID_INDEX").strip();
      assertThat(index).isIn("", "2");
      awaitSame(pod, "2");
    }
    pod.delete();
  }

  private static void whileItsAddressMoves(String name) {
    RdmaPod pod = RdmaPod.create(kubectl, name, RdmaPod.Wish.of(nodeA, Rails.POOL)).awaitRunning();
    try {
      CompletableFuture<String> killed = Step.MOVED.kill(name);
      Rails.unshift(nodeA);
      await(killed, pod);
      assertThat(pod.indexInFile(Rails.POOL)).isEqualTo("1");
      awaitAgent();
      awaitSame(pod, "1");
    } finally {
      pools.agents().shift(nodeA);
    }
    awaitSame(pod, "2");
    pod.delete();
  }

  private static void whileItEnds(String name) {
    RdmaPod pod = RdmaPod.create(kubectl, name, RdmaPod.Wish.of(nodeA, Rails.POOL)).awaitRunning();
    CompletableFuture<String> killed = Step.ENDED.kill(name);
    pod.delete();
    await(killed, pod);
    awaitAgent();
    InstalledAgents.await(() -> assertThat(record(name)).contains("NotFound"));
  }

  private static void awaitAgent() {
    InstalledAgents.awaitReady(nodeA);
    Rails.awaitOffered(kubectl, Rails.POOL, 2);
  }

  /** By the file and by the record. */
  private static void awaitSame(RdmaPod pod, String index) {
    InstalledAgents.await(() -> {
      assertThat(pod.indexInFile(Rails.POOL)).isEqualTo(index);
      assertThat(record(pod.name())).isEqualTo("current=" + index);
    });
  }

  private static String record(String name) {
    var output =
        kubectl.run(
            "get",
            "rdmagidassignment",
            name,
            "-o",
            "jsonpath={.status.ports[0].state}={.status.ports[0].gidIndex}");
    return output.out() + output.err();
  }

  private static void await(CompletableFuture<String> killed, RdmaPod pod) {
    try {
      String _ = killed.join();
    } catch (CompletionException e) {
      throw new AssertionError(
          "the step was not reached; the pod: "
              + kubectl.run("get", "pod", pod.name(), "-o", "yaml"),
          e);
    }
  }
}
