package io.rdmagid.deviceplugin.workload;

import io.rdmagid.deviceplugin.inventory.Inventory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * The state machine of allocations:
 *
 * <pre>
 * (nothing) ─allocate→ free, pending set ─container→ claimed, pending set ─choice→ claimed, its set
 *                       ↑      ↑ sandbox ended, another boot                  ↓      ↺ tables change
 *                       └──────┴─────────────────────────────────────────────┘
 * </pre>
 *
 * <p>In two phases, so that a crash at any step leaves nothing wrong: a claim is on disk before the
 * files are a container's, and the files of a claim that no later reading confirms become pending.
 * Not thread-safe; without threads and clocks.
 */
final class AllocationBook {
  private final String bootId;
  private final StoredAllocations stored;
  private final AllocationFolders folders;
  private final NamespaceFacts facts;
  private final SlotLook slots;
  private final PodReports pods;
  private final Map<String, ContainerSet> sets = new HashMap<>();

  /** Containers that came after one of the same sandbox whose set was chosen. */
  private final Set<String> successors = new HashSet<>();

  /** Containers without files, because the disk did not take them. */
  private final Set<String> unwritten = new HashSet<>();

  private Inventory inventory = Inventory.EMPTY;

  /** With {@code facts} instead of what the edges make. */
  AllocationBook(String node, String bootId, WorkloadEdges edges, NamespaceFacts facts) {
    this.bootId = bootId;
    this.stored = new StoredAllocations(edges.store(), edges.folders());
    this.folders = edges.folders();
    this.facts = facts;
    this.slots = edges.slots();
    this.pods = new PodReports(node, stored, sets, edges.reports());
  }

  /** Takes over what is on disk. */
  void load() {
    stored.load(bootId);
  }

  /**
   * A new allocation, or one that the kubelet gives again: whoever had it has it no more, and that
   * is told. Others of the same ids may be those of an init container of the same pod, whose
   * devices are lent again; they are forgotten only where their folder is gone.
   *
   * @return the hashes of those others that have one
   */
  List<String> allocate(AllocationId id, List<HeldPort> ports) {
    List<AllocationRecord> lost =
        stored.all().stream()
            .filter(record -> record.claim().isPresent())
            .filter(record -> record.id().overlaps(id))
            .toList();
    return pods.lose(lost, () -> allocateAnew(id, ports));
  }

  private List<String> allocateAnew(AllocationId id, List<HeldPort> ports) {
    List<String> others = new ArrayList<>();
    for (AllocationRecord other : List.copyOf(stored.all())) {
      if (!other.id().equals(id) && other.id().overlaps(id)) {
        if (other.claim().isPresent()) {
          free(other);
        }
        if (folders.exists(other.hash())) {
          others.add(other.hash());
        } else {
          stored.remove(other);
        }
      }
    }
    AllocationRecord former = stored.of(id.hash());
    if (former != null) {
      forget(former);
    }
    free(new AllocationRecord(id, ports, bootId, Optional.empty()));
    return others;
  }

  /** Whether there is a record of an allocation. */
  boolean knows(String hash) {
    return stored.of(hash) != null;
  }

  /** The allocations that a sandbox has, and those among these folders that are known. */
  List<AllocationRecord> held(Set<String> others) {
    return stored.all().stream()
        .filter(record -> record.claim().isPresent() || others.contains(record.hash()))
        .toList();
  }

  /** The ids of the sandboxes that have allocations. */
  Set<String> holders() {
    return PodHoldings.sandboxes(stored.all());
  }

  /** The allocations whose folders a container mounts, by pool; empty where one is not known. */
  Optional<List<AllocationRecord>> allocationsOf(ContainerSpec container) {
    return stored.of(folders.hashesOf(container));
  }

  /**
   * First phase: the container's sandbox becomes the owner. Until the second phase the folders of
   * another owner are pending; those of this sandbox stay as they are.
   *
   * @param terms of each pool
   * @throws java.io.UncheckedIOException if the disk refuses; the container is the owner all the
   *     same, and is to be refused or abandoned
   */
  void claim(
      Sandbox sandbox,
      ContainerSpec container,
      List<AllocationRecord> allocations,
      Map<String, PoolTerms> terms) {
    if (allocations.stream()
        .allMatch(record -> record.claimIn(sandbox.id()).filter(Claim::made).isPresent())) {
      successors.add(container.id());
    }
    List<AllocationRecord> claimed = PodHoldings.claimed(allocations, sandbox, container, terms);
    try {
      stored.put(claimed, record -> record.claim().orElseThrow().generation() == 0);
    } finally {
      allocations.stream()
          .flatMap(record -> record.claim().stream())
          .map(Claim::containerId)
          .filter(former -> claimed(former).isEmpty())
          .forEach(this::forget);
    }
  }

  /** What can be chosen for a container that has claimed, from the newest tables. */
  ContainerSet choose(String containerId) {
    return choose(claimed(containerId));
  }

  /**
   * Second phase: the container has this set, and is made with this environment.
   *
   * @throws java.io.UncheckedIOException if the disk refuses; it is to be refused or abandoned then
   */
  void settle(String containerId, ContainerSet set, Frozen frozen) {
    note(swapFiles(containerId, set), claim -> claim.made(true, frozen));
  }

  /**
   * The container is made without our answer: its set is pending. One that came after another of
   * its sandbox has that one's set, which is right for it, too, and follows the tables.
   */
  void abandon(String containerId) {
    if (successors.contains(containerId)) {
      boolean _ = keep(containerId, claim -> claim.made(true, Frozen.NONE));
    } else {
      refuse(containerId);
    }
  }

  /** The container is not made, or not with our answer: its set is pending. */
  void refuse(String containerId) {
    List<AllocationRecord> allocations = claimed(containerId);
    if (!allocations.isEmpty()) {
      refuse(containerId, ContainerSet.unchosen(allocations));
    }
  }

  /** The same, and this says why. What the disk refuses of it is no reason to say nothing. */
  void refuse(String containerId, ContainerSet set) {
    sets.put(containerId, set);
    boolean _ =
        StoredAllocations.takes(() ->
            stored.put(claimedAs(containerId, claim -> claim.made(false, Frozen.NONE)), _ -> true));
    pods.tell(claimed(containerId));
  }

  /** The node's tables are now these: the sets that they touch are swapped. */
  void read(Inventory newest) {
    Inventory before = inventory;
    inventory = newest;
    follow(
        PodHoldings.containers(stored.all()).stream()
            .filter(containerId ->
                unwritten.contains(containerId)
                    || claimed(containerId).stream()
                        .flatMap(record -> record.ports().stream())
                        .anyMatch(port -> !port.in(before).equals(port.in(newest))))
            .toList());
  }

  /** Containers whose addresses are on their way, each with the namespaces that these are in. */
  Map<String, Set<Optional<Path>>> late() {
    return PodHoldings.late(stored.all(), sets);
  }

  /** Whether a container was made, is there, and has not all that it may have. */
  boolean misses(String containerId) {
    ContainerSet set = sets.get(containerId);
    return PodHoldings.isMade(claimed(containerId)) && (set == null || !set.isComplete());
  }

  /**
   * The containers whose files could not be written, or whose namespaces could not be looked into:
   * a further try may do.
   */
  List<String> behind() {
    return PodHoldings.containers(stored.all()).stream()
        .filter(id -> unwritten.contains(id) || isUnseen(id))
        .toList();
  }

  private boolean isUnseen(String containerId) {
    ContainerSet set = sets.get(containerId);
    return set != null && set.isUnseen() && PodHoldings.isMade(claimed(containerId));
  }

  /**
   * Looks again at what containers can have. The files of all come before the first record: that
   * has to reach the disk, and the next container's file would wait for it.
   */
  void follow(List<String> containerIds) {
    Map<String, Swap> swaps = new LinkedHashMap<>();
    containerIds.forEach(
        id -> write(id, () -> refreshFiles(id).ifPresent(swap -> swaps.put(id, swap))));
    swaps.forEach((id, swap) -> write(id, () -> note(swap, UnaryOperator.identity())));
  }

  /** One container's disk trouble is not another's. */
  private void write(String containerId, Runnable step) {
    if (StoredAllocations.takes(step)) {
      unwritten.remove(containerId);
    } else {
      unwritten.add(containerId);
      sets.remove(containerId);
      pods.tell(claimed(containerId));
    }
  }

  /**
   * A sandbox ended: its allocations are free, their sets pending.
   *
   * @return the hashes of those allocations
   */
  List<String> ended(String sandboxId) {
    List<AllocationRecord> ended =
        stored.all().stream().filter(record -> record.claimIn(sandboxId).isPresent()).toList();
    return pods.lose(
        ended,
        () -> {
          for (AllocationRecord record : ended) {
            boolean _ = StoredAllocations.takes(() -> free(record));
          }
          return ended.stream().map(AllocationRecord::hash).toList();
        });
  }

  /** The container was made with our answer, whether or not we came to note it. */
  void confirm(String containerId) {
    boolean _ =
        keep(
            containerId,
            claim ->
                claim.made(true, claim.frozen()).withGeneration(Math.max(1, claim.generation())));
  }

  /**
   * The container runs, and was made without our answer. Its environment stays as it is, but what
   * is chosen for its sandbox is right for it, too: its files say that from now on, to libraries
   * that have yet to begin.
   *
   * @return whether that is news
   */
  boolean adopt(ContainerSpec container) {
    Frozen frozen = Frozen.withoutUs(claimed(container.id()), container);
    return keep(container.id(), claim -> claim.made(true, frozen));
  }

  /**
   * Containers have ended. Their files go on: the next container of the sandbox has them. Their
   * variables do not: nobody reads them any more.
   */
  void containersEnded(Predicate<String> containerId) {
    PodHoldings.containers(stored.all()).stream()
        .filter(containerId)
        .forEach(id -> {
          boolean _ = StoredAllocations.takes(() -> containerEnded(claimed(id)));
        });
  }

  private void containerEnded(List<AllocationRecord> allocations) {
    pods.change(allocations, () -> stored.put(PodHoldings.ended(allocations), _ -> false));
  }

  /** Removes the folder of an allocation that nobody has; a late container finds its record. */
  void retire(String hash) {
    AllocationRecord record = stored.of(hash);
    if (record != null && record.claim().isEmpty()) {
      folders.remove(hash);
    }
  }

  /** The container has its set, and this is how it was made; whether that is news. */
  private boolean keep(String containerId, UnaryOperator<Claim> how) {
    List<AllocationRecord> kept = claimedAs(containerId, how);
    boolean noted = !kept.equals(claimed(containerId));
    if (noted) {
      write(containerId, () -> stored.put(kept, _ -> false));
    }
    follow(List.of(containerId));
    if (noted) {
      pods.tell(claimed(containerId));
    }
    return noted;
  }

  /** Files that were swapped, or stay pending, which is still to be noted. */
  private record Swap(String containerId, ContainerSet set, long generation) {}

  private Optional<Swap> refreshFiles(String containerId) {
    List<AllocationRecord> allocations = claimed(containerId);
    if (!PodHoldings.isMade(allocations)) {
      return Optional.empty();
    }
    ContainerSet next = choose(allocations);
    if (next.equals(sets.get(containerId))) {
      return Optional.empty();
    }
    // Who never had an entry has none to lose: that shows by a generation of 0 (failover).
    return Optional.of(
        PodHoldings.generation(allocations) == 0 && !next.objections().isEmpty()
            ? new Swap(containerId, next, 0)
            : swapFiles(containerId, next));
  }

  private ContainerSet choose(List<AllocationRecord> allocations) {
    return ContainerSet.chosen(allocations, new PortChooser(inventory, facts, slots), inventory);
  }

  private Swap swapFiles(String containerId, ContainerSet set) {
    List<AllocationRecord> allocations = claimed(containerId);
    long generation = 1 + PodHoldings.generation(allocations);
    stored.swap(allocations, set, generation);
    return new Swap(containerId, set, generation);
  }

  /** The container has this set: keeps that, a record an allocation, and tells. */
  private void note(Swap swap, UnaryOperator<Claim> how) {
    sets.put(swap.containerId(), swap.set());
    stored.put(
        claimedAs(swap.containerId(), claim -> how.apply(claim.withGeneration(swap.generation()))),
        _ -> false);
    pods.tell(claimed(swap.containerId()));
  }

  /** The allocations that a container has claimed, by pool. */
  List<AllocationRecord> claimed(String containerId) {
    return PodHoldings.of(containerId, stored.all());
  }

  private List<AllocationRecord> claimedAs(String containerId, UnaryOperator<Claim> how) {
    return claimed(containerId).stream()
        .map(record -> record.withClaim(record.claim().map(how)))
        .toList();
  }

  private void free(AllocationRecord record) {
    forget(record);
    stored.free(record);
  }

  private void forget(AllocationRecord record) {
    record.claim().map(Claim::containerId).ifPresent(this::forget);
  }

  private void forget(String containerId) {
    sets.remove(containerId);
    successors.remove(containerId);
    unwritten.remove(containerId);
  }
}
