package io.rdmagid.deviceplugin.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.assignment.Assignment;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What a runtime that has restarted tells of sandboxes older than itself: their containers' ends.
 */
class UntoldEndsTest extends OnWorkload {
  private static final AllocationId SECOND = new AllocationId("rail", List.of("rxe0:1::1"));
  private static final ContainerSpec OTHER = World.container("c2", "s1", SECOND);

  @BeforeEach
  void startWithTheAddressThere() {
    start();
    workload.read(tables(POD));
  }

  @Test
  void oneEndsWithItsContainer() throws InterruptedException {
    make(container());
    connect(container());
    assertThat(world.index(RAIL)).contains("2");
    workload.containerRemoved("s1", "c1");
    assertEnded();
  }

  @Test
  void oneOfThisConnectionEndsWhenThatIsTold() throws InterruptedException {
    workload.sandboxStarted(sandbox());
    make(container());
    workload.containerRemoved("s1", "c1");
    assertHeld();
    workload.sandboxStopped("s1");
    assertEnded();
  }

  @Test
  void oneDoesNotEndWithTheFirstOfItsContainers() throws InterruptedException {
    assertThat(workload.allocate("rail", SECOND.ids()))
        .isInstanceOf(Allocator.Outcome.Granted.class);
    make(container());
    make(OTHER);
    connect(container(), OTHER);
    workload.containerRemoved("s1", "c2");
    assertHeld();
    workload.containerRemoved("s1", "c1");
    assertEnded();
  }

  @Test
  void oneDoesNotEndWithAContainerThatWasMadeAgain() throws InterruptedException {
    make(container());
    connect(container());
    workload.containerStopped("s1", "c1");
    make(World.container("c1-again", "s1", RAIL));
    workload.containerRemoved("s1", "c1");
    assertHeld();
    workload.containerRemoved("s1", "c1-again");
    assertEnded();
  }

  /** Its address may come; the kubelet tries again, some minutes later at worst. */
  @Test
  void oneDoesNotEndWithAContainerThatWasRefused() throws InterruptedException {
    make(container());
    connect(container());
    workload.read(tables());
    workload.containerStopped("s1", "c1");
    assertThat(
            workload.createContainer(
                sandbox(), World.container("c2", "s1", RAIL), Duration.ofMillis(1)))
        .isInstanceOf(Adjustment.Refuse.class);
    workload.containerStopped("s1", "c2");
    workload.containerRemoved("s1", "c2");
    awaitAllDone();
    assertThat(world.disk.get(RAIL).claim().orElseThrow().generation()).isPositive();
    assertThat(world.reported).last().matches(assignment -> !assignment.isReleased());
    workload.containerRemoved("s1", "c1");
    assertEnded();
  }

  @Test
  void oneDoesNotEndWithItEvenWhereNoOtherContainerIsKnown() throws InterruptedException {
    make(container());
    connect();
    workload.read(tables());
    assertThat(
            workload.createContainer(
                sandbox(), World.container("c2", "s1", RAIL), Duration.ofMillis(1)))
        .isInstanceOf(Adjustment.Refuse.class);
    workload.containerRemoved("s1", "c2");
    awaitAllDone();
    assertThat(world.disk.get(RAIL).claim().orElseThrow().generation()).isPositive();
  }

  /** The runtime does not show it, nor tell its removal. */
  @Test
  void oneEndsWithoutAContainerThatHadEndedBeforeTheRuntimeStarted() throws InterruptedException {
    assertThat(workload.allocate("rail", SECOND.ids()))
        .isInstanceOf(Allocator.Outcome.Granted.class);
    make(container());
    make(OTHER);
    connect(container());
    workload.containerRemoved("s1", "c1");
    assertEnded();
  }

  @Test
  void oneWithoutContainersOfOursDoesNotEndWithAnother() throws InterruptedException {
    make(container());
    ContainerSpec foreign = World.container("foreign", "s1");
    connect(foreign);
    workload.containerRemoved("s1", "foreign");
    assertHeld();
  }

  /** As where the runtime was started again to have NRI. */
  @Test
  void oneWhoseContainerWasKnownByItsNameEndsWithItToo() throws InterruptedException {
    assertThat(workload.containerStarts(sandbox(), "main", List.of(RAIL), Duration.ofMinutes(1)))
        .isInstanceOf(ContainerStarts.Outcome.Ready.class);
    connect(World.container("c9", "s1", RAIL));
    workload.containerRemoved("s1", "c9");
    assertEnded();
  }

  @Test
  void whatAnotherSandboxHasByThenStays() throws InterruptedException {
    make(container());
    connect(container());
    Sandbox next = World.sandbox("s2");
    workload.sandboxStarted(next);
    assertThat(workload.createContainer(next, World.container("c3", "s2", RAIL), LONG))
        .isInstanceOf(Adjustment.Add.class);
    workload.containerRemoved("s1", "c1");
    assertHeld();
  }

  private void make(ContainerSpec container) throws InterruptedException {
    assertThat(workload.createContainer(sandbox(), container, LONG))
        .isInstanceOf(Adjustment.Add.class);
  }

  private void connect(ContainerSpec... containers) {
    workload.synchronize(List.of(sandbox()), List.of(containers));
    awaitAllDone();
  }

  private void assertHeld() {
    awaitAllDone();
    assertThat(world.disk.get(RAIL).claim()).isPresent();
    assertThat(world.index(RAIL)).contains("2");
  }

  private void assertEnded() {
    awaitAllDone();
    assertThat(world.disk.values())
        .extracting(AllocationRecord::claim)
        .containsOnly(Optional.empty());
    assertThat(world.index(RAIL)).isEmpty();
    assertThat(world.reported).last().matches(Assignment::isReleased);
  }
}
