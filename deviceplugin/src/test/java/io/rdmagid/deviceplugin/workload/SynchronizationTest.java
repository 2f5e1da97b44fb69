package io.rdmagid.deviceplugin.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.assignment.AssignedPort;
import io.rdmagid.assignment.AssignmentState;
import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.gid.GidScope;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What containers get that were made while the runtime was not connected. */
class SynchronizationTest {
  private static final AllocationId RAIL = new AllocationId("rail", List.of("rxe0:1::0"));
  private static final HeldPort PORT = new HeldPort("rxe0", 1);
  private static final GidEntry POD = World.entry(2, "::ffff:10.20.0.5", 2, "");
  private static final GidEntry POD_MOVED = World.entry(4, "::ffff:10.20.0.5", 2, "");
  private static final Frozen INJECTED =
      new Frozen(new TreeMap<>(Map.of("RDMAGID_RAIL_0_GID_INDEX", "2")), List.of());

  private final World world = new World();
  private AllocationBook book;

  @BeforeEach
  void allocate() {
    book = world.book(World.BOOT);
    book.read(tables(POD));
    world.seePod("10.20.0.5");
    book.allocate(RAIL, List.of(PORT));
  }

  @Test
  void aContainerMadeWithoutUsHasFilesThatFollowAndNoVariables() {
    synchronize(container("c1"));
    assertThat(world.index(RAIL)).contains("2");
    assertThat(port().state()).isEqualTo(AssignmentState.CURRENT);
    assertThat(port().variables().injected()).isEmpty();
    book.read(tables(POD_MOVED));
    assertThat(world.index(RAIL)).contains("4");
    assertThat(port().variables().outdated()).as("it has none").isEmpty();
  }

  @Test
  void itIsNotedOnce() {
    synchronize(container("c1"));
    world.steps.clear();
    int reports = world.reported.size();
    synchronize(container("c1"));
    assertThat(world.steps).isEmpty();
    assertThat(world.reported).hasSize(reports);
  }

  /** Its author's choice: our files are silent of that library, as where it is made with us. */
  @Test
  void whatStandsInItsEnvironmentIsKept() {
    synchronize(container("c1", "NCCL_IB_GID_INDEX=3"));
    assertThat(world.index(RAIL)).contains("2");
    assertThat(world.folders.get(RAIL.hash()).get("nccl.conf")).isEmpty();
    assertThat(port().variables().kept()).containsExactly("NCCL_IB_GID_INDEX");
  }

  @Test
  void aContainerThatDidNotGetItsAnswerHasFilesOnly() {
    claim("c1");
    book.settle("c1", book.choose("c1"), INJECTED);
    synchronize(container("c1"));
    assertThat(world.index(RAIL)).contains("2");
    assertThat(port().variables().injected()).isEmpty();
  }

  @Test
  void aContainerWhoseAnswerWasGivenUpGetsItsFiles() {
    claim("c1");
    book.abandon("c1");
    assertThat(world.index(RAIL)).isEmpty();
    synchronize(container("c1"));
    assertThat(world.index(RAIL)).contains("2");
  }

  /** It would not have been made: failover does not count it among those that lost an entry. */
  @Test
  void aContainerThatNeedsAnEntryIsPendingUntilThereIsOne() {
    book.read(tables());
    synchronize(container("c1"));
    assertThat(world.folders.get(RAIL.hash()).get("assignment.json"))
        .contains("\"state\" : \"pending\"");
    assertThat(port().state()).isEqualTo(AssignmentState.NONE);
    assertThat(port().generation()).isZero();

    book.read(tables(POD));
    assertThat(world.index(RAIL)).contains("2");
    assertThat(port().state()).isEqualTo(AssignmentState.CURRENT);
    assertThat(port().generation()).isEqualTo(1);
  }

  @Test
  void aContainerMadeAgainWithoutUsHasWhatTheFormerOneHad() {
    claim("c1");
    book.settle("c1", book.choose("c1"), INJECTED);
    synchronize(container("c2"));
    assertThat(world.index(RAIL)).contains("2");
    assertThat(claim().containerId()).isEqualTo("c2");
    assertThat(port().variables().injected()).as("the former one's").isEmpty();
  }

  @Test
  void aContainerMadeAgainWithoutUsWhereTheFormerOneHadNothingGetsItsFiles() {
    claim("c1");
    book.abandon("c1");
    synchronize(container("c2"));
    assertThat(world.index(RAIL)).contains("2");
    assertThat(claim().containerId()).isEqualTo("c2");
  }

  @Test
  void whatARunningContainerHasStaysItsOwn() {
    claim("c1");
    book.settle("c1", book.choose("c1"), INJECTED);
    ContainerSpec ours = container("c1", "RDMAGID_RAIL_0_GID_INDEX=2");
    synchronize(container("c0"), ours);
    assertThat(claim().containerId()).isEqualTo("c1");
    assertThat(port().variables().injected()).containsExactly("RDMAGID_RAIL_0_GID_INDEX");
  }

  @Test
  void aContainerThatTheRuntimeHasNoMoreHasEnded() {
    claim("c1");
    book.settle("c1", book.choose("c1"), INJECTED);
    book.read(tables(POD_MOVED));
    synchronize(container("c1", "RDMAGID_RAIL_0_GID_INDEX=2"));
    assertThat(port().variables().outdated()).containsExactly("RDMAGID_RAIL_0_GID_INDEX");
    synchronize();
    assertThat(port().variables().outdated()).isEmpty();
  }

  /** The kernel that its programs see has none of these tables. */
  @Test
  void aContainerOnAKernelOfItsOwnStaysPending() {
    Sandbox kata =
        new Sandbox(
            "s1", "uid-s1", "default", "pod-s1", Optional.of(World.POD_NAMESPACE), "kata-qemu");
    synchronization(book).follow(Map.of("s1", kata), List.of(container("c1")));
    assertThat(world.index(RAIL)).isEmpty();
    assertThat(port().state()).isEqualTo(AssignmentState.PENDING);
    book.read(tables(POD_MOVED));
    assertThat(world.index(RAIL)).isEmpty();
  }

  @Test
  void anAgentKilledBetweenThePhasesLeavesNoIndexUntilTheRuntimeConfirms() {
    killBetweenThePhases();
    book.read(tables(POD_MOVED));
    assertThat(world.index(RAIL)).isEmpty();
    synchronize(container("c1", "RDMAGID_RAIL_0_DEVICE=rxe0"));
    assertThat(world.index(RAIL)).contains("4");
  }

  /** Its variables say so, whatever came to be noted: failover counts what it has lost. */
  @Test
  void aContainerThatWasMadeWithUsHadAnEntry() {
    killBetweenThePhases();
    book.read(tables());
    synchronize(container("c1", "RDMAGID_RAIL_0_DEVICE=rxe0"));
    assertThat(port().state()).isEqualTo(AssignmentState.NONE);
    assertThat(port().generation()).isPositive();
  }

  /** After the files were swapped, and before the record of the second phase. */
  private void killBetweenThePhases() {
    claim("c1");
    book.settle("c1", book.choose("c1"), INJECTED);
    AllocationRecord settled = world.disk.get(RAIL);
    world.disk.put(
        RAIL,
        settled.withClaim(
            settled.claim().map(claim -> claim.made(false, Frozen.NONE).withGeneration(0))));
    book = world.book(World.BOOT);
  }

  private void synchronize(ContainerSpec... containers) {
    synchronization(book).follow(Map.of("s1", World.sandbox("s1")), List.of(containers));
  }

  private Synchronization synchronization(AllocationBook book) {
    ClusterPools pools = new ClusterPools(List.of(World.pool("rail", GidScope.POD)));
    return new Synchronization(
        book, () -> pools, new StrayFolders(world.foldersEdge(), book::knows));
  }

  private void claim(String container) {
    book.claim(
        World.sandbox("s1"),
        container(container),
        book.allocationsOf(container(container)).orElseThrow(),
        Map.of("rail", World.terms(GidScope.POD)));
  }

  private Claim claim() {
    return world.disk.get(RAIL).claim().orElseThrow();
  }

  private AssignedPort port() {
    return world.reported.getLast().ports().getFirst();
  }

  private static ContainerSpec container(String id, String... environment) {
    return new ContainerSpec(
        id, "s1", "main", World.container(id, "s1", RAIL).mountSources(), List.of(environment));
  }

  private static Inventory tables(GidEntry... pods) {
    return World.inventory(List.of(World.DEFAULT, World.HOST), List.of(pods));
  }
}
