package io.rdmagid.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.e2e.workload.Rails;
import io.rdmagid.e2e.workload.RdmaPod;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** No room under the agent's folder, which is a small file system of its own here. */
@Tag("long")
class DiskFullTest extends OnOfferedPools {
  private static final String STATE = "/var/lib/rdmagid";

  @BeforeAll
  static void giveItADisk() {
    String _ = nodeA.sh("mount -t tmpfs -o size=1m,nr_inodes=1000 tmpfs " + STATE);
    replaceAgent();
  }

  @AfterAll
  static void takeItAway() {
    // A container that still has it mounted keeps it until its end.
    String _ = nodeA.sh("umount -l " + STATE);
    replaceAgent();
  }

  @AfterEach
  void restore() {
    makeRoom();
    pools.agents().shift(nodeA);
  }

  @Test
  void aPodHasNoFileRatherThanAnOldOneUntilThereIsRoom() {
    RdmaPod pod =
        RdmaPod.create(kubectl, "starved", RdmaPod.Wish.of(nodeA, Rails.POOL)).awaitRunning();
    assertThat(pod.indexInFile(Rails.POOL)).isEqualTo("2");
    fill();
    Rails.unshift(nodeA);
    InstalledAgents.await(
        () -> assertThat(pod.sh("cat /run/rdmagid/rail/* 2>/dev/null || true")).isEmpty());

    makeRoom();
    InstalledAgents.await(() ->
        assertThat(pod.run("cat /run/rdmagid/rail/env").out())
            .contains("export RDMAGID_RAIL_0_GID_INDEX=1"));
    pools.awaitRecorded(pod, 1, "10.10.0.1", "VariablesStale");
  }

  @Test
  void aPodThatCannotHaveFilesIsRefusedAndTheNextOneHasThem() {
    fill();
    RdmaPod refused = RdmaPod.create(kubectl, "refused", RdmaPod.Wish.of(nodeA, Rails.POOL));
    InstalledAgents.await(() ->
        assertThat(refused.get("{.status.reason}: {.status.message}"))
            .startsWith("UnexpectedAdmissionError")
            .contains("No space left on device"));

    makeRoom();
    RdmaPod pod =
        RdmaPod.create(kubectl, "served", RdmaPod.Wish.of(nodeA, Rails.POOL)).awaitRunning();
    assertThat(pod.indexInFile(Rails.POOL)).isEqualTo(Integer.toString(pod.index(Rails.POOL)));
  }

  /** Nobody else writes there, so it stays full. */
  private static void fill() {
    String _ = nodeA.sh("! dd if=/dev/zero of=" + STATE + "/filling bs=4k 2>/dev/null");
  }

  private static void makeRoom() {
    String _ = nodeA.sh("rm -f " + STATE + "/filling");
  }

  private static void replaceAgent() {
    InstalledAgents.replace(kubectl, nodeA);
    Rails.awaitOffered(kubectl, Rails.POOL, 2);
  }
}
