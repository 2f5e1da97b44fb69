package io.rdmagid.deviceplugin.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.gid.GidScope;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An agent that starts and can read only some of the records, as after a way back. */
class StrayFoldersTest extends OnWorkload {
  private static final AllocationId OTHER = new AllocationId("rail", List.of("rxe0:1::1"));

  private final Workload former = workload;
  private Workload next = workload;

  @AfterEach
  void endBoth() {
    former.close();
    next.close();
  }

  @Test
  void aFolderWhoseRecordCannotBeReadHasNoIndex() throws InterruptedException {
    startTwoPods();
    world.disk.remove(RAIL);
    begin();
    assertThat(world.folders.get(RAIL.hash())).as("nobody brings it to new tables").isEmpty();
    assertThat(world.index(OTHER)).contains("2");
  }

  /** Its container would go on with what was right once: another process tries again. */
  @Test
  void oneThatKeepsItsFilesEndsTheThreadOnceAllOthersHaveNone() throws InterruptedException {
    startTwoPods();
    world.disk.clear();
    world.kept.add(RAIL.hash());
    former.close();
    next = new Workload("node-a", World.BOOT, world.edges(), now::get);
    Awaitility.await().atMost(Duration.ofSeconds(GUARD_SECONDS)).until(() -> !next.isAlive());
    assertThat(world.folders.get(OTHER.hash())).isEmpty();
    assertThat(world.index(RAIL)).contains("2");
  }

  @Test
  void itIsRemovedWhenNoContainerHasIt() throws InterruptedException {
    startTwoPods();
    world.disk.remove(RAIL);
    begin();
    next.synchronize(List.of(sandbox(), World.sandbox("s2")), List.of(container(), other()));
    awaitAllDone(next);
    assertThat(world.folders).as("a container has it").containsKey(RAIL.hash());

    next.synchronize(List.of(World.sandbox("s2")), List.of(other()));
    awaitAllDone(next);
    assertThat(world.folders).containsOnlyKeys(OTHER.hash());
    assertThat(world.index(OTHER)).contains("2");
  }

  /** Its container is still to come. */
  @Test
  void theFolderOfAnAllocationThatIsNewStays() throws InterruptedException {
    startTwoPods();
    world.disk.remove(RAIL);
    begin();
    next.synchronize(List.of(sandbox(), World.sandbox("s2")), List.of(container(), other()));
    assertThat(next.allocate("rail", RAIL.ids())).isInstanceOf(Allocator.Outcome.Granted.class);
    next.synchronize(List.of(World.sandbox("s2")), List.of(other()));
    awaitAllDone(next);
    assertThat(world.folders).containsKeys(RAIL.hash(), OTHER.hash());
  }

  private void startTwoPods() throws InterruptedException {
    start();
    workload.read(tables(POD));
    assertThat(workload.createContainer(sandbox(), container(), LONG))
        .isInstanceOf(Adjustment.Add.class);
    assertThat(workload.allocate("rail", OTHER.ids()))
        .isInstanceOf(Allocator.Outcome.Granted.class);
    assertThat(workload.createContainer(World.sandbox("s2"), other(), LONG))
        .isInstanceOf(Adjustment.Add.class);
    awaitAllDone();
    assertThat(world.index(RAIL)).contains("2");
    assertThat(world.index(OTHER)).contains("2");
  }

  private static ContainerSpec other() {
    return World.container("c2", "s2", OTHER);
  }

  /** Another agent, which knows tables and pools, and not yet what the runtime has. */
  private void begin() {
    former.close();
    next = new Workload("node-a", World.BOOT, world.edges(), now::get);
    next.offerTo(offers::add);
    next.read(tables(POD));
    next.configure(List.of(World.pool("rail", GidScope.POD)), Map.of());
    awaitAllDone(next);
  }
}
