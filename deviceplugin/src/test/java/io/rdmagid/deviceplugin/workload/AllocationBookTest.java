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
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AllocationBookTest {
  private static final AllocationId RAIL = new AllocationId("rail", List.of("rxe0:1::0"));
  private static final HeldPort PORT = new HeldPort("rxe0", 1);
  private static final GidEntry POD = World.entry(2, "::ffff:10.20.0.5", 2, "");
  private static final GidEntry POD_MOVED = World.entry(4, "::ffff:10.20.0.5", 2, "");

  private static final Frozen INJECTED =
      new Frozen(new TreeMap<>(Map.of("RDMAGID_RAIL_0_GID_INDEX", "2")), List.of());

  private final World world = new World();
  private AllocationBook book;

  @BeforeEach
  void start() {
    book = world.book(World.BOOT);
    book.read(tables(POD));
    world.seePod("10.20.0.5");
  }

  @Test
  void anAllocationHasNoIndexBeforeItsContainerIsMade() {
    book.allocate(RAIL, List.of(PORT));
    assertThat(world.index(RAIL)).isEmpty();
    assertThat(world.folders.get(RAIL.hash()).get("assignment.json"))
        .contains("\"state\" : \"pending\"");
  }

  @Test
  void theContainersSetHasTheIndexOfItsNamespace() {
    start("c1", "s1");
    assertThat(world.index(RAIL)).contains("2");
    assertThat(world.reported.getLast().ports())
        .singleElement()
        .satisfies(port -> {
          assertThat(port.state()).isEqualTo(AssignmentState.CURRENT);
          assertThat(port.choice().orElseThrow().netdev()).isEqualTo("net1");
          assertThat(port.variables().injected()).containsExactly("RDMAGID_RAIL_0_GID_INDEX");
          assertThat(port.variables().outdated()).isEmpty();
        });
  }

  /** As where nobody told the end of a pod, and the kubelet gives its port to the next. */
  @Test
  void aPodWhosePortsAreGivenToAnotherIsToldToHoldNone() {
    start("c1", "s1");
    List<String> _ = book.allocate(RAIL, List.of(PORT));
    assertThat(world.reported.getLast())
        .satisfies(assignment -> assertThat(assignment.isReleased()).isTrue());
    assertThat(world.reported.getLast().podUid()).isEqualTo("uid-s1");

    start("c2", "s2");
    List<String> _ =
        book.allocate(new AllocationId("rail", List.of("rxe0:1::0", "rxe0:1::1")), List.of(PORT));
    assertThat(world.reported.getLast().isReleased()).isTrue();
    assertThat(world.reported.getLast().podUid()).isEqualTo("uid-s2");
  }

  @Test
  void aMovedEntryMovesTheIndexAndCountsTheSwap() {
    start("c1", "s1");
    book.read(tables(POD_MOVED));
    assertThat(world.index(RAIL)).contains("4");
    AssignedPort port = world.reported.getLast().ports().getFirst();
    assertThat(port.generation()).isEqualTo(2);
    assertThat(outdated()).containsExactly("RDMAGID_RAIL_0_GID_INDEX");
  }

  /** As that of an init container, whose pod runs on. */
  @Test
  void theVariablesOfAContainerThatHasEndedAreNotOutdated() {
    start("c1", "s1");
    book.read(tables(POD_MOVED));
    book.containersEnded("c0"::equals);
    assertThat(outdated()).containsExactly("RDMAGID_RAIL_0_GID_INDEX");

    book.containersEnded("c1"::equals);
    assertThat(outdated()).isEmpty();
    assertThat(world.reported.getLast().ports().getFirst().variables().injected())
        .containsExactly("RDMAGID_RAIL_0_GID_INDEX");
    int reports = world.reported.size();
    book.containersEnded("c1"::equals);
    assertThat(world.reported).as("told once").hasSize(reports);

    book = world.book(World.BOOT);
    book.read(tables(POD));
    book.read(tables(POD_MOVED));
    assertThat(outdated()).as("with another agent").isEmpty();
    assertThat(world.index(RAIL)).as("its sandbox's next container has the files").contains("4");
  }

  @Test
  void theEndOfAContainerWhoseVariablesAreRightIsNoNews() {
    start("c1", "s1");
    int reports = world.reported.size();
    book.containersEnded("c1"::equals);
    assertThat(world.reported).hasSize(reports);
    book.read(tables(POD_MOVED));
    assertThat(outdated()).isEmpty();
  }

  @Test
  void aContainerThatStartsAnewIsAnotherOne() {
    start("c1", "s1");
    book.containersEnded("c1"::equals);
    start("c2", "s1");
    book.containersEnded("c1"::equals);
    book.read(tables(POD_MOVED));
    assertThat(outdated()).containsExactly("RDMAGID_RAIL_0_GID_INDEX");
  }

  private List<String> outdated() {
    return world.reported.getLast().ports().getFirst().variables().outdated();
  }

  /** A record has to reach the disk, and the next pod's file would wait for it. */
  @Test
  void theFilesOfAllPodsComeBeforeTheFirstRecord() {
    AllocationId other = new AllocationId("rail", List.of("rxe0:1::1"));
    start("c1", "s1");
    book.allocate(other, List.of(PORT));
    ContainerSpec second = World.container("c2", "s2", other);
    book.claim(World.sandbox("s2"), second, book.allocationsOf(second).orElseThrow(), terms());
    book.settle("c2", book.choose("c2"), Frozen.NONE);
    world.steps.clear();
    book.read(tables(POD_MOVED));
    assertThat(world.index(RAIL)).contains("4");
    assertThat(world.index(other)).contains("4");
    assertThat(world.steps).containsExactly("swap", "swap", "write", "write");
  }

  @Test
  void anAddressThatGoesTakesTheIndexWithIt() {
    start("c1", "s1");
    book.read(tables());
    assertThat(world.index(RAIL)).isEmpty();
    assertThat(world.folders.get(RAIL.hash()).get("nccl.conf")).isEmpty();
    assertThat(world.reported.getLast().ports().getFirst().state()).isEqualTo(AssignmentState.NONE);
  }

  @Test
  void tablesOfOtherPortsChangeNothing() {
    start("c1", "s1");
    int reports = world.reported.size();
    world.steps.clear();
    book.read(tables(POD));
    assertThat(world.steps).isEmpty();
    assertThat(world.reported).hasSize(reports);
  }

  @Test
  void aClaimIsOnDiskBeforeTheFilesAreTheContainers() {
    book.allocate(RAIL, List.of(PORT));
    book.claim(World.sandbox("s1"), container("c1", "s1"), records(), terms());
    assertThat(world.disk.get(RAIL).claim().orElseThrow().made()).isFalse();
    assertThat(world.index(RAIL)).isEmpty();
    ContainerSet set = book.choose("c1");
    book.settle("c1", set, Frozen.NONE);
    assertThat(world.disk.get(RAIL).claim().orElseThrow().made()).isTrue();
  }

  @Test
  void aNewPodOnFreedIdsNeverSeesItsPredecessorsChoice() {
    start("c1", "s1");
    book.allocate(RAIL, List.of(PORT));
    assertThat(world.index(RAIL)).isEmpty();
    // The predecessor's table still changes: its event must not reach the new pod's files.
    book.read(tables(POD_MOVED));
    assertThat(world.index(RAIL)).isEmpty();
    book.ended("s1");
    start("c2", "s2");
    book.ended("s1");
    assertThat(world.index(RAIL)).contains("4");
  }

  @Test
  void theRecordOfASandboxThatEndedSaysSo() {
    start("c1", "s1");

    book.ended("s1");

    assertThat(world.reported.getLast().isReleased()).isTrue();
    assertThat(world.reported.getLast().podUid()).isEqualTo("uid-s1");
    assertThat(world.reported.getLast().ports()).hasSize(1);
    int reports = world.reported.size();
    book.ended("s1");
    assertThat(world.reported).hasSize(reports);
  }

  @Test
  void anotherSandboxOfTheSameIdsIsTheOnlyOwner() {
    start("c1", "s1");
    book.claim(World.sandbox("s2"), container("c2", "s2"), records(), terms());
    assertThat(world.index(RAIL)).as("until it has chosen").isEmpty();
    book.ended("s1");
    assertThat(world.disk.get(RAIL).claim()).isPresent();
  }

  @Test
  void aRestartedContainerKeepsItsSetUntilTheNextIsChosen() {
    start("c1", "s1");
    book.claim(World.sandbox("s1"), container("c2", "s1"), records(), terms());
    assertThat(world.index(RAIL)).contains("2");
  }

  @Test
  void aContainerOfAnotherSandboxMadeWithoutUsHasNoIndex() {
    start("c1", "s1");
    book.claim(World.sandbox("s2"), container("c2", "s2"), records(), terms());
    book.settle("c2", book.choose("c2"), INJECTED);
    book.abandon("c2");
    assertThat(world.index(RAIL)).isEmpty();
  }

  @Test
  void aSandboxThatEndedHasNoIndexAndNoClaim() {
    start("c1", "s1");
    book.ended("s1");
    assertThat(world.index(RAIL)).isEmpty();
    assertThat(world.disk.get(RAIL).claim()).isEmpty();
  }

  @Test
  void anAgentThatRestartsBringsTheFilesUpToDate() {
    start("c1", "s1");
    AllocationBook next = world.book(World.BOOT);
    next.read(tables(POD_MOVED));
    assertThat(world.index(RAIL)).contains("4");
  }

  @Test
  void anotherBootMakesAllPending() {
    start("c1", "s1");
    AllocationBook next = world.book("boot-2");
    next.read(tables(POD));
    assertThat(world.index(RAIL)).isEmpty();
    assertThat(world.disk.get(RAIL).bootId()).isEqualTo("boot-2");
  }

  @Test
  void devicesLentAgainToTheAppContainerOfThePodKeepBothFolders() {
    AllocationId two = new AllocationId("rail", List.of("rxe0:1::0", "rxe0:1::1"));
    book.allocate(two, List.of(PORT));
    book.allocate(RAIL, List.of(PORT));
    assertThat(world.folders).containsKeys(two.hash(), RAIL.hash());
  }

  @Test
  void aFolderThatIsGoneIsForgottenWhenItsIdsAreGivenAgain() {
    AllocationId two = new AllocationId("rail", List.of("rxe0:1::0", "rxe0:1::1"));
    book.allocate(two, List.of(PORT));
    book.retire(two.hash());
    book.allocate(RAIL, List.of(PORT));
    assertThat(world.disk.keySet()).isEqualTo(Set.of(RAIL));
  }

  @Test
  void twoPoolsOfOneContainerHaveOneMergedSetInBothFolders() {
    AllocationId storage = new AllocationId("storage", List.of("rxe0:1::3"));
    book.allocate(RAIL, List.of(PORT));
    book.allocate(storage, List.of(PORT));
    ContainerSpec container = World.container("c1", "s1", storage, RAIL);
    book.claim(
        World.sandbox("s1"),
        container,
        book.allocationsOf(container).orElseThrow(),
        Map.of("rail", World.terms(GidScope.POD), "storage", World.terms(GidScope.HOST)));
    book.settle("c1", book.choose("c1"), Frozen.NONE);
    assertThat(world.folders.get(RAIL.hash())).isEqualTo(world.folders.get(storage.hash()));
    assertThat(world.folders.get(RAIL.hash()).get("env"))
        .contains("RDMAGID_RAIL_0_GID_INDEX=2", "RDMAGID_STORAGE_0_GID_INDEX=1")
        .doesNotContain("NCCL_IB_GID_INDEX")
        .contains("NCCL_IB_ROCE_VERSION_NUM=2", "NCCL_IB_ADDR_FAMILY=AF_INET");
  }

  @Test
  void onAFullDiskNoContainerKeepsWhatWasRight() {
    AllocationId storage = new AllocationId("storage", List.of("rxe0:1::3"));
    AllocationId other = new AllocationId("rail", List.of("rxe0:1::1"));
    book.allocate(storage, List.of(PORT));
    book.allocate(RAIL, List.of(PORT));
    book.allocate(other, List.of(PORT));
    for (ContainerSpec container :
        List.of(World.container("a", "s1", storage, RAIL), World.container("b", "s2", other))) {
      book.claim(
          World.sandbox(container.sandboxId()),
          container,
          book.allocationsOf(container).orElseThrow(),
          Map.of("rail", World.terms(GidScope.POD), "storage", World.terms(GidScope.POD)));
      book.settle(container.id(), book.choose(container.id()), Frozen.NONE);
    }
    assertThat(world.index(other)).contains("2");

    world.full.add(storage.hash());
    book.read(tables(POD_MOVED));
    assertThat(world.folders.get(storage.hash())).isEmpty();
    assertThat(world.folders.get(RAIL.hash())).as("of the same container").isEmpty();
    assertThat(world.index(other)).as("of another").contains("4");
    assertThat(world.reported)
        .filteredOn(pod -> pod.podName().equals("pod-s1"))
        .last()
        .satisfies(pod ->
            assertThat(pod.ports())
                .allSatisfy(port -> assertThat(port.state()).isEqualTo(AssignmentState.PENDING)));
    assertThat(book.behind()).isNotEmpty();

    world.full.clear();
    book.read(tables(POD_MOVED));
    assertThat(world.index(storage)).contains("4");
    assertThat(world.index(RAIL)).contains("4");
    assertThat(book.behind()).isEmpty();
  }

  /** Else the tables would be read again and again for a container that is no more. */
  @Test
  void aContainerWhoseIdsAreGivenAgainIsNotBehindAnyMore() {
    start("c1", "s1");
    world.full.add(RAIL.hash());
    book.read(tables(POD_MOVED));
    assertThat(book.behind()).isNotEmpty();
    world.full.clear();
    book.allocate(RAIL, List.of(PORT));
    assertThat(book.behind()).isEmpty();
  }

  /** Else its device would be held by nobody for ever. */
  @Test
  void onAFullDiskASandboxThatEndedHoldsNothing() {
    start("c1", "s1");
    world.full.add(RAIL.hash());
    assertThat(book.ended("s1")).containsExactly(RAIL.hash());
    assertThat(book.held(Set.of())).isEmpty();
    assertThat(world.folders.get(RAIL.hash())).isEmpty();
  }

  private void start(String container, String sandbox) {
    if (!world.disk.containsKey(RAIL)) {
      book.allocate(RAIL, List.of(PORT));
    }
    book.claim(World.sandbox(sandbox), container(container, sandbox), records(), terms());
    book.settle(container, book.choose(container), INJECTED);
  }

  private List<AllocationRecord> records() {
    return book.allocationsOf(container("any", "any")).orElseThrow();
  }

  private static ContainerSpec container(String id, String sandbox) {
    return World.container(id, sandbox, RAIL);
  }

  private static Map<String, PoolTerms> terms() {
    return Map.of("rail", World.terms(GidScope.POD));
  }

  private static Inventory tables(GidEntry... pods) {
    return World.inventory(List.of(World.DEFAULT, World.HOST), List.of(pods));
  }

  @Test
  void thePodsNamespaceGoneIsNoIndex() {
    start("c1", "s1");
    world.namespaces.remove(Optional.of(World.POD_NAMESPACE));
    book.read(tables(POD_MOVED));
    assertThat(world.index(RAIL)).isEmpty();
  }
}
