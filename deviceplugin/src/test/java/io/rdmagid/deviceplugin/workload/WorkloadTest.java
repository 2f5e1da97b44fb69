package io.rdmagid.deviceplugin.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rdmagid.assignment.AssignmentState;
import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.gid.GidScope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What waits for what. The decisions themselves are {@link AllocationBookTest}'s. */
class WorkloadTest extends OnWorkload {
  @Test
  void nothingIsOfferedBeforeTablesPoolsAndContainersAreKnown() throws InterruptedException {
    workload.offerTo(offers::add);
    assertThat(workload.allocate("rail", RAIL.ids())).isInstanceOf(Allocator.Outcome.Refused.class);
    workload.read(tables());
    workload.configure(List.of(World.pool("rail", GidScope.POD)), Map.of());
    assertThat(workload.allocate("rail", RAIL.ids())).isInstanceOf(Allocator.Outcome.Refused.class);
    assertThat(offers).isEmpty();
    workload.synchronize(List.of(), List.of());
    assertThat(nextOffer())
        .singleElement()
        .satisfies(offer -> assertThat(offer.devices()).hasSize(4));
    assertThat(workload.allocate("rail", RAIL.ids())).isInstanceOf(Allocator.Outcome.Granted.class);
  }

  /** Nobody would bring the files of pods to new tables: liveness ends the agent. */
  @Test
  void anAgentThatCannotLookOrReadItsRecordsEnds() {
    WorkloadEdges edges = world.edges();
    assertThatItEnds(
        new WorkloadEdges(
            edges.store(),
            edges.folders(),
            () -> {
              throw new IllegalStateException("socket: too many open files");
            },
            edges.changes(),
            edges.slots(),
            edges.reports(),
            edges.refusals()));
    world.unreadable = true;
    assertThatItEnds(edges);
  }

  private void assertThatItEnds(WorkloadEdges edges) {
    try (Workload begun = new Workload("node-a", World.BOOT, edges, now::get)) {
      Awaitility.await().atMost(Duration.ofSeconds(GUARD_SECONDS)).until(() -> !begun.isAlive());
      assertThatThrownBy(() -> begun.allocate("rail", RAIL.ids()))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  /** So that one write tells both. */
  @Test
  void whatPoolsMakeOfAPortIsToldBeforeWhatIsDoneAfterwards() throws InterruptedException {
    LinkedBlockingQueue<Object> told = new LinkedBlockingQueue<>();
    start();
    awaitAllDone();
    workload.showTo(told::add);
    workload.read(Inventory.EMPTY);
    Future<?> _ = workload.afterwards(Duration.ZERO, () -> told.add("afterwards"));
    awaitAllDone();

    assertThat(told)
        .containsExactly(
            Map.of(
                new HeldPort("rxe0", 1),
                new PortOffer(
                    List.of("rail"), PortOffer.Standing.HEALTHY, "pool rail offers the port")),
            Map.of(),
            "afterwards");
  }

  @Test
  void aCallThatIsInterruptedLeavesNoIndex() throws InterruptedException {
    start();
    Thread caller =
        Thread.ofPlatform()
            .start(() -> {
              try {
                Adjustment _ = workload.createContainer(sandbox(), container(), LONG);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    caller.interrupt();
    assertThat(caller.join(Duration.ofSeconds(GUARD_SECONDS))).isTrue();
    workload.read(tables(POD));
    awaitAllDone();
    assertThat(world.index(RAIL)).isEmpty();
  }

  @Test
  void theUsersOwnVariableStays() throws InterruptedException {
    start();
    workload.read(tables(POD));
    ContainerSpec own =
        new ContainerSpec(
            "c1", "s1", "main", container().mountSources(), List.of("RDMAGID_RAIL_0_DEVICE=mine"));
    assertThat(workload.createContainer(sandbox(), own, LONG))
        .isInstanceOfSatisfying(
            Adjustment.Add.class,
            add ->
                assertThat(add.variables())
                    .doesNotContainKey("RDMAGID_RAIL_0_DEVICE")
                    .containsKey("RDMAGID_RAIL_0_PORT"));
    assertThat(world.reported.getLast().ports().getFirst().variables().kept())
        .containsExactly("RDMAGID_RAIL_0_DEVICE");
  }

  @Test
  void tellsWhichDevicesAreOfAContainersFolders() {
    start();
    List<Set<String>> answers = new ArrayList<>();
    workload.devicesOf(container(), answers::add);
    workload.devicesOf(World.container("c2", "s1"), answers::add);
    workload.devicesOf(
        World.container("c3", "s1", RAIL, new AllocationId("other", List.of("x"))), answers::add);
    awaitAllDone();
    assertThat(answers).as("of the last nobody knows").containsExactly(Set.of("rxe0"), Set.of());
  }

  @Test
  void aContainerOnAKernelOfItsOwnIsRefused() throws InterruptedException {
    start();
    Sandbox kata =
        new Sandbox("s1", "uid-s1", "default", "pod", sandbox().networkNamespace(), "kata-qemu");
    assertThat(workload.createContainer(kata, container(), LONG))
        .isInstanceOfSatisfying(
            Adjustment.Refuse.class,
            refusal -> assertThat(refusal.reason()).contains("kata-qemu", "use a RuntimeClass"));
    assertThat(world.refused).containsExactly(Obstacle.SEPARATE_KERNEL);
    assertThat(world.index(RAIL)).isEmpty();
  }

  @Test
  void aDeviceThatIsUnpluggedUnderItsPodIsOfferedUntilThePodEnds() throws InterruptedException {
    start();
    assertThat(nextOffer().getFirst().devices()).hasSize(4);
    workload.read(tables(POD));
    assertThat(workload.createContainer(sandbox(), container(), LONG))
        .isInstanceOf(Adjustment.Add.class);
    workload.read(Inventory.EMPTY);
    assertThat(nextOffer().getFirst().devices())
        .containsExactly(new PoolOffer.OfferedDevice("rxe0:1::0", "rxe0", 1, true, -1));
    assertThat(world.reported.getLast().ports().getFirst().state()).isEqualTo(AssignmentState.NONE);
    now.addAndGet(Duration.ofSeconds(31).toNanos());
    workload.read(Inventory.EMPTY);
    assertThat(nextOffer().getFirst().devices())
        .containsExactly(new PoolOffer.OfferedDevice("rxe0:1::0", "rxe0", 1, false, -1));
    workload.sandboxStopped("s1");
    workload.read(Inventory.EMPTY);
    awaitAllDone();
    assertThat(offers).as("the same pod may get another sandbox").isEmpty();
    now.addAndGet(Duration.ofMinutes(1).toNanos());
    workload.read(Inventory.EMPTY);
    assertThat(nextOffer().getFirst().devices()).isEmpty();
  }

  @Test
  void anAllocationThatTheDiskDoesNotTakeIsRefused() {
    start();
    world.full.add(RAIL.hash());
    assertThat(workload.allocate("rail", RAIL.ids()))
        .isInstanceOfSatisfying(
            Allocator.Outcome.Refused.class,
            refused -> assertThat(refused.reason()).endsWith(": no space left on device"));
  }

  /** Neither its claim nor its files: it would run without an index that its pool requires. */
  @Test
  void aContainerThatTheDiskDoesNotTakeIsRefused() throws InterruptedException {
    start();
    workload.read(tables(POD));
    awaitAllDone();
    world.full.add(RAIL.hash());
    assertThatTheDisksRefusalIsTold();
    assertThat(workload.holders()).as("its port is in use").containsExactly("s1");
    world.full.clear();
    assertThat(workload.createContainer(sandbox(), container(), LONG))
        .isInstanceOf(Adjustment.Add.class);
    assertThat(world.index(RAIL)).contains("2");
  }

  @Test
  void aContainerWhoseRecordTheDiskDoesNotTakeIsRefusedAndHasNoIndex() throws InterruptedException {
    start();
    workload.read(tables(POD));
    awaitAllDone();
    world.fullRecords.add(RAIL);
    assertThatTheDisksRefusalIsTold();
    assertThat(world.reported.getLast().ports())
        .singleElement()
        .satisfies(port -> {
          assertThat(port.state()).isEqualTo(AssignmentState.PENDING);
          assertThat(port.variables().injected()).isEmpty();
        });
    world.fullRecords.clear();
    workload.read(tables(World.entry(7, "::ffff:10.20.0.5", 2, "")));
    awaitAllDone();
    assertThat(world.index(RAIL)).as("it is not made").isEmpty();
  }

  @Test
  void aContainerThatTheDiskDoesNotTakeRunsWithoutWhereItsPoolAllowsThat()
      throws InterruptedException {
    start();
    workload.configure(List.of(World.optional("rail", GidScope.POD)), Map.of());
    workload.read(tables(POD));
    awaitAllDone();
    world.full.add(RAIL.hash());
    assertThat(workload.createContainer(sandbox(), container(), LONG))
        .isInstanceOf(Adjustment.None.class);
    assertThat(workload.holders()).as("its port is in use").containsExactly("s1");
    assertThat(world.folders.get(RAIL.hash())).isEmpty();
    assertThat(world.reported.getLast().ports().getFirst().state())
        .isEqualTo(AssignmentState.PENDING);

    world.full.clear();
    workload.read(tables(POD));
    awaitAllDone();
    assertThat(world.index(RAIL)).as("its files, when there is room").contains("2");
  }

  private void assertThatTheDisksRefusalIsTold() throws InterruptedException {
    assertThat(workload.createContainer(sandbox(), container(), LONG))
        .isInstanceOfSatisfying(
            Adjustment.Refuse.class,
            refusal -> {
              assertThat(refusal.why()).isEqualTo(Obstacle.DISK);
              assertThat(refusal.reason()).endsWith(": no space left on device");
            });
    assertThat(world.folders.get(RAIL.hash()).getOrDefault("env", "")).isEmpty();
  }

  @Test
  void theFolderOfAnEndedPodGoesAfterAMinute() throws InterruptedException {
    startAPod();
    workload.sandboxStopped("s1");
    assertThatTheFolderGoesAfterAMinute();
  }

  @Test
  void theFolderOfAPodThatTheRuntimeHasNoMoreGoesAfterAMinute() throws InterruptedException {
    startAPod();
    workload.synchronize(List.of(), List.of());
    assertThatTheFolderGoesAfterAMinute();
  }

  /** Its container has not come a minute after the former pod's end: it is another's folder now. */
  @Test
  void theFolderOfAnEndedPodStaysWhereTheKubeletGaveItToAnother() throws InterruptedException {
    startAPod();
    workload.sandboxStopped("s1");
    assertThat(workload.allocate("rail", RAIL.ids())).isInstanceOf(Allocator.Outcome.Granted.class);
    now.addAndGet(Duration.ofMinutes(31).toNanos());
    workload.read(tables(POD));
    awaitAllDone();
    assertThat(world.index(RAIL)).isEmpty();
    assertThat(world.folders).containsOnlyKeys(RAIL.hash());
  }

  @Test
  void theFolderOfAnAllocationThatNobodyClaimedGoesWhenItsIdsAreGivenToAnother() {
    start();
    AllocationId next = new AllocationId("rail", List.of("rxe0:1::0", "rxe0:1::1"));
    assertThat(workload.allocate("rail", next.ids())).isInstanceOf(Allocator.Outcome.Granted.class);
    now.addAndGet(Duration.ofMinutes(29).toNanos());
    workload.read(tables(POD));
    awaitAllDone();
    assertThat(world.folders).as("its container may still come").containsKey(RAIL.hash());
    now.addAndGet(Duration.ofMinutes(1).toNanos());
    workload.read(tables(POD));
    awaitAllDone();
    assertThat(world.folders).containsOnlyKeys(next.hash());
    assertThat(workload.allocate("rail", next.ids())).isInstanceOf(Allocator.Outcome.Granted.class);
    assertThat(world.disk).containsOnlyKeys(next);
  }

  @Test
  void theFolderOfAClaimWhoseIdsAreGivenToAnotherGoesAfterAMinute() throws InterruptedException {
    startAPod();
    AllocationId next = new AllocationId("rail", List.of("rxe0:1::0", "rxe0:1::1"));
    assertThat(workload.allocate("rail", next.ids())).isInstanceOf(Allocator.Outcome.Granted.class);
    assertThat(world.folders).containsKey(RAIL.hash());
    now.addAndGet(Duration.ofMinutes(1).toNanos());
    workload.read(tables(POD));
    awaitAllDone();
    assertThat(world.folders).containsOnlyKeys(next.hash());
  }

  /** An init container's devices are lent again, and both are allocated before either comes. */
  @Test
  void theFolderOfAnInitContainerWhoseIdsWereLentAgainStays() throws InterruptedException {
    start();
    AllocationId main = new AllocationId("rail", List.of("rxe0:1::0", "rxe0:1::1"));
    assertThat(workload.allocate("rail", main.ids())).isInstanceOf(Allocator.Outcome.Granted.class);
    workload.read(tables(POD));
    assertThat(workload.createContainer(sandbox(), container(), LONG))
        .isInstanceOf(Adjustment.Add.class);
    now.addAndGet(Duration.ofMinutes(31).toNanos());
    workload.read(tables(POD));
    awaitAllDone();
    assertThat(world.index(RAIL)).contains("2");
  }

  private void assertThatTheFolderGoesAfterAMinute() {
    awaitAllDone();
    assertThat(world.folders).as("the same pod may get another sandbox").isNotEmpty();
    now.addAndGet(Duration.ofMinutes(1).toNanos());
    workload.read(tables(POD));
    awaitAllDone();
    assertThat(world.folders).isEmpty();
  }

  private void startAPod() throws InterruptedException {
    start();
    workload.read(tables(POD));
    assertThat(workload.createContainer(sandbox(), container(), LONG))
        .isInstanceOf(Adjustment.Add.class);
  }

  /** From its allocation on, however long its image takes, and over another sandbox. */
  @Test
  void aPortThatAPodHasIsNoOtherPools() throws InterruptedException {
    start();
    assertThat(nextOffer()).hasSize(1);
    PoolState rail = World.pool("rail", GidScope.POD);
    PoolState left = new PoolState(World.wanting(rail.pool(), "nothing*"), rail.effective());
    workload.configure(List.of(left, World.pool("other", GidScope.POD)), Map.of());
    assertThat(ids(nextOffer())).containsExactly("rxe0:1::0");
    workload.read(tables(POD));
    assertThat(workload.createContainer(sandbox(), container(), LONG))
        .isInstanceOf(Adjustment.Add.class);
    workload.sandboxStopped("s1");
    workload.read(tables(POD));
    awaitAllDone();
    assertThat(offers).isEmpty();
    now.addAndGet(Duration.ofMinutes(1).toNanos());
    workload.read(tables(POD));
    assertThat(nextOffer())
        .filteredOn(offer -> !offer.devices().isEmpty())
        .extracting(PoolOffer::pool)
        .containsExactly("other");
  }

  @Test
  void aContainerWithoutOurFoldersIsNoneOfOurs() throws InterruptedException {
    start();
    assertThat(workload.createContainer(sandbox(), World.container("c2", "s1"), LONG))
        .isInstanceOf(Adjustment.None.class);
  }

  /** It was made while the agent was away, which had only allocated. */
  @Test
  void aContainerThatNobodyClaimedForHoldsItsPortAndGetsItsFiles() throws InterruptedException {
    start();
    assertThat(nextOffer()).hasSize(1);
    workload.read(tables(POD));
    workload.synchronize(List.of(sandbox()), List.of(container()));
    awaitAllDone();
    assertThat(world.index(RAIL)).contains("2");
    assertThat(world.reported.getLast().ports().getFirst().state())
        .isEqualTo(AssignmentState.CURRENT);

    now.addAndGet(Duration.ofMinutes(31).toNanos());
    workload.read(Inventory.EMPTY);
    assertThat(ids(nextOffer())).as("in use").containsExactly("rxe0:1::0");

    workload.synchronize(List.of(), List.of());
    awaitAllDone();
    assertThat(world.reported.getLast().ports().getFirst().state())
        .isEqualTo(AssignmentState.RELEASED);
  }

  @Test
  void aContainerOfAnUnknownAllocationIsRefused() throws InterruptedException {
    start();
    AllocationId unknown = new AllocationId("rail", List.of("rxe0:1::3"));
    assertThat(workload.createContainer(sandbox(), World.container("c2", "s1", unknown), LONG))
        .isInstanceOfSatisfying(
            Adjustment.Refuse.class,
            refusal -> assertThat(refusal.reason()).contains("delete the pod"));
    assertThat(world.refused).containsExactly(Obstacle.UNKNOWN_ALLOCATION);
  }
}
