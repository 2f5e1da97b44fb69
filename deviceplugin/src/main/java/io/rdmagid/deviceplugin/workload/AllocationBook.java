package io.rdmagid.deviceplugin.workload;

import io.rdmagid.assignment.Assignment;
import io.rdmagid.assignment.ContainerVariables;
import io.rdmagid.deviceplugin.inventory.Inventory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state machine of allocations:
 *
 * <pre>
 * (nothing) ─allocate→ free, pending set ─container→ claimed, pending set ─choice→ claimed, its set
 *                       ↑      ↑ sandbox ended, another boot, made without us ↓      ↺ tables change
 *                       └──────┴─────────────────────────────────────────────┘
 * </pre>
 *
 * <p>In two phases, so that a crash at any step leaves nothing wrong: a claim is on disk before the
 * files are a container's, and the files of a claim that no later reading confirms become pending.
 * Not thread-safe; without threads and clocks.
 */
final class AllocationBook {
  private static final Logger LOG = LoggerFactory.getLogger(AllocationBook.class);

  private final String node;
  private final String bootId;
  private final StoredAllocations stored;
  private final AllocationFolders folders;
  private final NamespaceFacts facts;
  private final SlotLook slots;
  private final AssignmentReports reports;
  private final Map<String, ContainerSet> sets = new HashMap<>();

  /** Containers that came after one of the same sandbox whose set was chosen. */
  private final Set<String> successors = new HashSet<>();

  /** Containers without files, because the disk did not take them. */
  private final Set<String> unwritten = new HashSet<>();

  private Inventory inventory = Inventory.EMPTY;

  AllocationBook(
      String node,
      String bootId,
      AllocationStore store,
      AllocationFolders folders,
      NamespaceFacts facts,
      SlotLook slots,
      AssignmentReports reports) {
    this.node = node;
    this.bootId = bootId;
    this.stored = new StoredAllocations(store, folders);
    this.folders = folders;
    this.facts = facts;
    this.slots = slots;
    this.reports = reports;
  }

  /** Takes over what is on disk. */
  void load() {
    stored.load(bootId);
  }

  /**
   * A new allocation, or one that the kubelet gives again: whoever had it has it no more. Others of
   * the same ids may be those of an init container of the same pod, whose devices are lent again;
   * they are forgotten only where their folder is gone.
   *
   * @return the hashes of those others that have one
   */
  List<String> allocate(AllocationId id, List<HeldPort> ports) {
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
    List<AllocationRecord> found = new ArrayList<>();
    for (String hash : folders.hashesOf(container)) {
      AllocationRecord record = stored.of(hash);
      if (record == null) {
        return Optional.empty();
      }
      found.add(record);
    }
    found.sort(Comparator.comparing(record -> record.id().pool()));
    return Optional.of(found);
  }

  /**
   * First phase: the container's sandbox becomes the owner. Until the second phase the folders of
   * another owner are pending; those of this sandbox stay as they are.
   *
   * @param terms of each pool
   */
  void claim(
      Sandbox sandbox,
      ContainerSpec container,
      List<AllocationRecord> allocations,
      Map<String, PoolTerms> terms) {
    List<String> hashes = allocations.stream().map(AllocationRecord::hash).toList();
    boolean succeeds =
        allocations.stream()
            .allMatch(record -> record.claimIn(sandbox.id()).filter(Claim::made).isPresent());
    for (AllocationRecord record : allocations) {
      long generation = record.claimIn(sandbox.id()).map(Claim::generation).orElse(0L);
      Claim claim =
          new Claim(
              sandbox,
              container.id(),
              container.name(),
              hashes,
              Objects.requireNonNull(terms.get(record.id().pool()), "no terms of the pool"),
              generation,
              false,
              Frozen.NONE);
      if (generation == 0) {
        folders.swap(record.hash(), SetFiles.pending());
      }
      stored.put(record.withClaim(Optional.of(claim)));
      record
          .claim()
          .map(Claim::containerId)
          .filter(former -> claimed(former).isEmpty())
          .ifPresent(this::forget);
    }
    if (succeeds) {
      successors.add(container.id());
    }
  }

  /** What can be chosen for a container that has claimed, from the newest tables. */
  ContainerSet choose(String containerId) {
    return choose(claimed(containerId));
  }

  /** Second phase: the container has this set, and is made with this environment. */
  void settle(String containerId, ContainerSet set, Frozen frozen) {
    note(swapFiles(claimed(containerId), set), claim -> claim.made(true, frozen));
  }

  /**
   * The container is made without our answer: its set is pending. One that came after another of
   * its sandbox has that one's set, which is right for it, too, and follows the tables.
   */
  void abandon(String containerId) {
    List<AllocationRecord> allocations = claimed(containerId);
    if (allocations.isEmpty()) {
      return;
    }
    if (successors.contains(containerId)) {
      keep(containerId, claim -> claim.made(true, Frozen.NONE));
    } else {
      refuse(containerId, ContainerSet.unchosen(allocations));
    }
  }

  /** The container is not made, or not with our answer: its set is pending, and this says why. */
  void refuse(String containerId, ContainerSet set) {
    List<AllocationRecord> allocations = claimed(containerId);
    sets.put(containerId, set);
    for (AllocationRecord record : allocations) {
      folders.swap(record.hash(), SetFiles.pending());
      stored.put(record.withClaim(record.claim().map(claim -> claim.made(false, Frozen.NONE))));
    }
    report(allocations);
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

  /** Whether files of containers could not be written: the next reading tries again. */
  boolean isBehind() {
    return !unwritten.isEmpty();
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
      report(claimed(containerId));
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
    ended.stream()
        .flatMap(record -> record.claim().stream())
        .findFirst()
        .map(Claim::sandbox)
        .map(sandbox -> PodHoldings.assignment(node, sandbox, ended, sets))
        .map(Assignment::released)
        .ifPresent(reports::holds);
    for (AllocationRecord record : ended) {
      boolean _ = StoredAllocations.takes(() -> free(record));
    }
    return ended.stream().map(AllocationRecord::hash).toList();
  }

  /**
   * The runtime has the sandboxes of these ids, and no others.
   *
   * @return the hashes of the allocations of those that ended
   */
  List<String> keepOnly(Set<String> alive) {
    return holders().stream()
        .filter(id -> !alive.contains(id))
        .flatMap(id -> ended(id).stream())
        .toList();
  }

  /** The runtime has these containers: those that were made without us have a pending set. */
  void synchronize(List<ContainerSpec> containers) {
    for (ContainerSpec container : containers) {
      List<AllocationRecord> allocations = claimed(container.id());
      if (allocations.isEmpty()) {
        continue;
      }
      boolean madeWithUs =
          allocations.stream()
              .map(record -> ContainerVariables.prefix(record.id().pool()))
              .allMatch(container::hasVariableWith);
      if (madeWithUs) {
        // Whether or not we came to note it.
        keep(container.id(), claim -> claim.made(true, claim.frozen()));
      } else {
        LOG.atWarn()
            .addKeyValue("container", container.name())
            .addKeyValue("sandbox", container.sandboxId())
            .log("container was made without the agent's answer, it has no variables from us");
        abandon(container.id());
      }
    }
  }

  /** Removes the folder of an allocation that nobody has; a late container finds its record. */
  void retire(String hash) {
    AllocationRecord record = stored.of(hash);
    if (record != null && record.claim().isEmpty()) {
      folders.remove(hash);
    }
  }

  /** The container has its set; this is how it was made. */
  private void keep(String containerId, UnaryOperator<Claim> how) {
    boolean noted = false;
    for (AllocationRecord record : claimed(containerId)) {
      Claim claim = record.claim().orElseThrow();
      Claim next = how.apply(claim);
      if (!next.equals(claim)) {
        stored.put(record.withClaim(Optional.of(next)));
        noted = true;
      }
    }
    follow(List.of(containerId));
    if (noted) {
      report(claimed(containerId));
    }
  }

  /** Files that were swapped, and are still to be noted. */
  private record Swap(List<AllocationRecord> allocations, ContainerSet set, long generation) {}

  private Optional<Swap> refreshFiles(String containerId) {
    List<AllocationRecord> allocations = claimed(containerId);
    if (!PodHoldings.isMade(allocations)) {
      return Optional.empty();
    }
    ContainerSet next = choose(allocations);
    return next.equals(sets.get(containerId))
        ? Optional.empty()
        : Optional.of(swapFiles(allocations, next));
  }

  private ContainerSet choose(List<AllocationRecord> allocations) {
    return ContainerSet.chosen(allocations, new PortChooser(inventory, facts, slots), inventory);
  }

  private Swap swapFiles(List<AllocationRecord> allocations, ContainerSet set) {
    long generation =
        1
            + allocations.stream()
                .flatMap(record -> record.claim().stream())
                .mapToLong(Claim::generation)
                .max()
                .orElse(0);
    stored.swap(allocations, set, generation);
    return new Swap(allocations, set, generation);
  }

  /** The container has this set: keeps that, a record an allocation, and tells. */
  private void note(Swap swap, UnaryOperator<Claim> how) {
    for (AllocationRecord record : swap.allocations()) {
      Claim claim = record.claim().orElseThrow().withGeneration(swap.generation());
      stored.put(record.withClaim(Optional.of(how.apply(claim))));
      sets.put(claim.containerId(), swap.set());
    }
    report(swap.allocations());
  }

  /** All that the pod of these allocations holds, in whichever container. */
  private void report(List<AllocationRecord> allocations) {
    allocations.stream()
        .flatMap(record -> record.claim().stream())
        .findFirst()
        .map(Claim::sandbox)
        .ifPresent(
            sandbox -> reports.holds(PodHoldings.assignment(node, sandbox, stored.all(), sets)));
  }

  private List<AllocationRecord> claimed(String containerId) {
    return PodHoldings.of(containerId, stored.all());
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
