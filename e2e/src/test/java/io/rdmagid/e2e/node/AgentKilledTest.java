package io.rdmagid.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.e2e.testbed.TestbedException;
import io.rdmagid.e2e.workload.Rails;
import io.rdmagid.e2e.workload.RdmaPod;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The agent is killed in the midst of an allocation. Whatever the container then has: never one
 * index by its environment and another by its file, and never a wrong one.
 */
class AgentKilledTest extends OnOfferedPools {
  private static final int ROUNDS = Integer.getInteger("rdmagid.kills", 1);

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
        "find /var/lib/rdmagid/allocations -newer MARKER -name env -exec grep -l GID_INDEX {} + | grep -q .");

    private final String reached;

    Step(String reached) {
      this.reached = reached;
    }

    String reached(String pod) {
      return reached.replace("MARKER", "/run/marker").replace("POD", pod);
    }
  }

  /** The kubelet makes a container that ended often wait longer each time; this one is new. */
  @BeforeAll
  static void replaceAgent() {
    InstalledAgents.replace(kubectl, nodeA);
    awaitAgent();
  }

  @ParameterizedTest
  @EnumSource
  void noContainerHasAnIndexThatIsNotRight(Step step) {
    for (int round = 1; round <= ROUNDS; round++) {
      String name = "killed-" + step.name().toLowerCase(Locale.ROOT) + "-" + round;
      RdmaPod pod = createAndKill(name, step);
      boolean runs = awaitRunningOrRefused(pod);
      awaitAgent();
      if (runs) {
        String index = pod.sh("echo $RDMAGID_RAIL_0_GID_INDEX").strip();
        assertThat(index).isIn("", "2");
        InstalledAgents.await(() -> {
          assertThat(pod.indexInFile(Rails.POOL)).isEqualTo("2");
          assertThat(
                  kubectl
                      .run(
                          "get",
                          "rdmagidassignment",
                          name,
                          "-o",
                          "jsonpath={.status.ports[0].state}={.status.ports[0].gidIndex}")
                      .out())
              .isEqualTo("current=2");
        });
      }
      pod.delete();
      RdmaPod next =
          RdmaPod.create(kubectl, name + "-next", RdmaPod.Wish.of(nodeA, Rails.POOL))
              .awaitRunning();
      assertThat(next.index(Rails.POOL)).isEqualTo(2);
      assertThat(next.indexInFile(Rails.POOL)).isEqualTo("2");
      next.delete();
    }
  }

  private static void awaitAgent() {
    InstalledAgents.awaitReady(nodeA);
    Rails.awaitOffered(kubectl, Rails.POOL, 2);
  }

  private static RdmaPod createAndKill(String name, Step step) {
    // Until the sandboxes of former pods have ended: that writes files, too.
    // Records are written aside and renamed, so only whole ones are looked at.
    InstalledAgents.await(() ->
        assertThat(nodeA.sh("grep -l '\"claim\"' /var/lib/rdmagid/records/*.json || [ $? -eq 1 ]"))
            .isEmpty());
    String _ = nodeA.sh("touch /run/marker");
    CompletableFuture<String> killed =
        CompletableFuture.supplyAsync(() ->
            nodeA.sh(
                "n=0; until "
                    + step.reached(name)
                    + "; do n=$((n + 1)); [ $n -lt 3000 ] || exit 1; sleep 0.02; done; "
                    + "kill -9 "
                    + InstalledAgents.PROCESS));
    RdmaPod pod = RdmaPod.create(kubectl, name, RdmaPod.Wish.of(nodeA, Rails.POOL));
    try {
      String _ = killed.join();
    } catch (CompletionException e) {
      throw new AssertionError("the step was not reached; the pod: " + pod.get("{.status}"), e);
    }
    return pod;
  }

  /** The kubelet refuses a pod whose Allocate had no answer; its controller would make another. */
  private static boolean awaitRunningOrRefused(RdmaPod pod) {
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
