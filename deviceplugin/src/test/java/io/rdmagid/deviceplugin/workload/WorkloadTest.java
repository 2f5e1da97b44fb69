package io.rdmagid.deviceplugin.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.assignment.AssignmentState;
import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.gid.GidScope;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What waits for what. The decisions themselves are {@link AllocationBookTest}'s. */
class WorkloadTest {
  private static final AllocationId RAIL = new AllocationId("rail", List.of("rxe0:1::0"));
  private static final GidEntry POD = World.entry(2, "::ffff:10.20.0.5", 2, "");
  private static final long GUARD_SECONDS = 20;
  private static final Duration LONG = Duration.ofMinutes(10);

  private final World world = new World();
  private final LinkedBlockingQueue<List<PoolOffer>> offers = new LinkedBlockingQueue<>();
  private final AtomicLong now = new AtomicLong();
  private final Workload workload =
      new Workload(
          "node-a",
          World.BOOT,
          new Workload.Edges(
              world.store(),
              world.foldersEdge(),
              () -> world::look,
              world::listen,
              world.reported::add),
          now::get);

  @AfterEach
  void end() {
    workload.close();
  }

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

  @Test
  void aContainerWaitsForTheEntryOfItsAddress()
      throws InterruptedException, ExecutionException, TimeoutException {
    start();
    CompletableFuture<Adjustment> answer = create(LONG);
    workload.read(tables());
    assertThat(answer).isNotDone();
    workload.read(tables(POD));
    assertThat(get(answer))
        .isInstanceOfSatisfying(
            Adjustment.Add.class,
            add -> assertThat(add.variables()).containsEntry("RDMAGID_RAIL_0_GID_INDEX", "2"));
  }

  @Test
  void aContainerWhoseEntryDoesNotComeIsRefusedWithTheReason()
      throws InterruptedException, ExecutionException, TimeoutException {
    start();
    assertThat(get(create(Duration.ofMillis(1))))
        .isInstanceOfSatisfying(
            Adjustment.Refuse.class,
            refusal ->
                assertThat(refusal.reason())
                    .startsWith("pool rail, rxe0/1: no RoCEv2 IPv4")
                    .endsWith("; 10.20.0.5 of net1 did not come into the port's table in time"));
    // What comes later reaches nobody: the container was not made.
    workload.read(tables(POD));
    awaitAllDone();
    assertThat(world.index(RAIL)).isEmpty();
  }

  @Test
  void aContainerWaitsUntilItsAddressIsNobodyElses()
      throws InterruptedException, ExecutionException, TimeoutException {
    start();
    world.seePodWithTentative("10.20.0.5");
    workload.read(tables(POD));
    CompletableFuture<Adjustment> answer = create(LONG);
    awaitListeners(1);
    world.podChanged();
    awaitAllDone();
    assertThat(answer).isNotDone();

    world.seePod("10.20.0.5");
    world.podChanged();
    assertThat(get(answer))
        .isInstanceOfSatisfying(
            Adjustment.Add.class,
            add -> assertThat(add.variables()).containsEntry("RDMAGID_RAIL_0_GID_INDEX", "2"));
    assertThat(world.listeners).as("the namespace is let go").isEmpty();
  }

  @Test
  void theRefusalNamesTheAddressThatMayBeSomebodyElses()
      throws InterruptedException, ExecutionException, TimeoutException {
    start();
    world.seePodWithTentative("10.20.0.5");
    workload.read(tables(POD));
    assertThat(get(create(Duration.ofMillis(1))))
        .isInstanceOfSatisfying(
            Adjustment.Refuse.class,
            refusal ->
                assertThat(refusal.reason())
                    .endsWith(
                        "; of 10.20.0.5 of net1 the kernel did not know in time that nobody else"
                            + " has it"));
    assertThat(world.listeners).isEmpty();
  }

  @Test
  void aContainerThatMayGoWithoutGetsItsIndexWhenTheAddressIsThere()
      throws InterruptedException, ExecutionException, TimeoutException {
    start();
    workload.configure(List.of(World.optional("rail", GidScope.POD)), Map.of());
    world.seePodWithTentative("10.20.0.5");
    workload.read(tables(POD));
    assertThat(get(create(Duration.ofMillis(1))))
        .isInstanceOfSatisfying(
            Adjustment.Add.class,
            add -> assertThat(add.variables()).doesNotContainKey("RDMAGID_RAIL_0_GID_INDEX"));
    assertThat(world.index(RAIL)).isEmpty();
    assertThat(world.listeners).hasSize(1);

    world.seePod("10.20.0.5");
    world.podChanged();
    awaitAllDone();
    assertThat(world.index(RAIL)).contains("2");
    assertThat(world.listeners).isEmpty();
  }

  @Test
  void aContainerThatMayGoWithoutDoesNotWaitForWhatIsNotOnItsWay()
      throws InterruptedException, ExecutionException, TimeoutException {
    start();
    workload.configure(List.of(World.optional("rail", GidScope.POD)), Map.of());
    world.see(
        Optional.of(World.POD_NAMESPACE), false, Map.of(2, World.link(2, "net1", World.RAIL)));
    assertThat(get(create(LONG))).isInstanceOf(Adjustment.Add.class);
    assertThat(world.listeners).isEmpty();
  }

  @Test
  void theNamespaceOfASandboxThatEndsIsLetGo()
      throws InterruptedException, ExecutionException, TimeoutException {
    start();
    CompletableFuture<Adjustment> answer = create(LONG);
    awaitListeners(1);
    workload.sandboxStopped("s1");
    assertThat(get(answer)).isEqualTo(new Adjustment.Refuse("its sandbox has ended"));
    assertThat(world.listeners).isEmpty();
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
  void aContainerOnAKernelOfItsOwnIsRefused() throws InterruptedException {
    start();
    Sandbox kata =
        new Sandbox("s1", "uid-s1", "default", "pod", sandbox().networkNamespace(), "kata-qemu");
    assertThat(workload.createContainer(kata, container(), LONG))
        .isInstanceOfSatisfying(
            Adjustment.Refuse.class,
            refusal -> assertThat(refusal.reason()).contains("kata-qemu", "use a RuntimeClass"));
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
  void aContainerThatNobodyClaimedForHoldsItsPortAndHasNoIndex() throws InterruptedException {
    start();
    assertThat(nextOffer()).hasSize(1);
    workload.read(tables(POD));
    workload.synchronize(List.of(sandbox()), List.of(container()));
    awaitAllDone();
    assertThat(world.index(RAIL)).isEmpty();
    assertThat(world.reported.getLast().ports().getFirst().state())
        .isEqualTo(AssignmentState.PENDING);

    now.addAndGet(Duration.ofMinutes(6).toNanos());
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
  }

  /** A pod of a pool with scope Pod has its allocation, and its address is not in the table. */
  private void start() {
    world.seePod("10.20.0.5");
    workload.offerTo(offers::add);
    workload.read(tables());
    workload.configure(List.of(World.pool("rail", GidScope.POD)), Map.of());
    workload.synchronize(List.of(), List.of());
    assertThat(workload.allocate("rail", RAIL.ids())).isInstanceOf(Allocator.Outcome.Granted.class);
  }

  private void awaitListeners(int number) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(GUARD_SECONDS))
        .untilAsserted(() -> assertThat(world.listeners).hasSize(number));
  }

  /** A question is answered after all that came before it. */
  private void awaitAllDone() {
    assertThat(workload.allocate("rail", List.of("none")))
        .isInstanceOf(Allocator.Outcome.Refused.class);
  }

  private CompletableFuture<Adjustment> create(Duration limit) {
    return CompletableFuture.supplyAsync(() -> {
      try {
        return workload.createContainer(sandbox(), container(), limit);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    });
  }

  private static Sandbox sandbox() {
    return World.sandbox("s1");
  }

  private static ContainerSpec container() {
    return World.container("c1", "s1", RAIL);
  }

  private static Inventory tables(GidEntry... pods) {
    return World.inventory(List.of(World.DEFAULT, World.HOST), List.of(pods));
  }

  private List<PoolOffer> nextOffer() throws InterruptedException {
    List<PoolOffer> offer = offers.poll(GUARD_SECONDS, TimeUnit.SECONDS);
    assertThat(offer).as("an offer").isNotNull();
    return offer;
  }

  private static List<String> ids(List<PoolOffer> offers) {
    return offers.stream()
        .flatMap(offer -> offer.devices().stream())
        .map(PoolOffer.OfferedDevice::id)
        .toList();
  }

  private static Adjustment get(CompletableFuture<Adjustment> answer)
      throws InterruptedException, ExecutionException, TimeoutException {
    return answer.get(GUARD_SECONDS, TimeUnit.SECONDS);
  }
}
