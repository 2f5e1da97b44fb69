package io.rdmagid.deviceplugin.workload;

import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The allocations of a node, in memory, on disk, and as folders. A disk that refuses takes nothing
 * wrong: folders are left without files, and what is known in memory counts; an agent that starts
 * on what the disk has instead learns from the runtime which claims are void. Not thread-safe.
 */
final class StoredAllocations {
  private static final Logger LOG = LoggerFactory.getLogger(StoredAllocations.class);

  private final AllocationStore store;
  private final AllocationFolders folders;
  private final Map<String, AllocationRecord> records = new TreeMap<>();

  StoredAllocations(AllocationStore store, AllocationFolders folders) {
    this.store = store;
    this.folders = folders;
  }

  /**
   * Takes over what is on disk. A claim of another boot is void; one that did not come to its
   * second phase is pending until the runtime tells whether its container was made.
   *
   * @param bootId of this boot
   */
  void load(String bootId) {
    List<AllocationRecord> loaded = store.load();
    loaded.forEach(record -> records.put(record.hash(), record));
    for (AllocationRecord record : loaded) {
      boolean _ = takes(() -> bringInto(bootId, record));
    }
  }

  private void bringInto(String bootId, AllocationRecord record) {
    if (!record.bootId().equals(bootId)) {
      free(new AllocationRecord(record.id(), record.ports(), bootId, Optional.empty()));
    } else if (record.claim().filter(Claim::made).isEmpty() && folders.exists(record.hash())) {
      folders.swap(record.hash(), SetFiles.pending());
    }
  }

  /** All, by their folders' names. */
  Collection<AllocationRecord> all() {
    return Collections.unmodifiableCollection(records.values());
  }

  /** The allocation of a folder; null where none is known. */
  @Nullable AllocationRecord of(String hash) {
    return records.get(hash);
  }

  /** The allocations of these folders, by pool; empty where one is not known. */
  Optional<List<AllocationRecord>> of(List<String> hashes) {
    return records.keySet().containsAll(hashes)
        ? Optional.of(
            hashes.stream()
                .map(records::get)
                .sorted(Comparator.comparing(record -> record.id().pool()))
                .toList())
        : Optional.empty();
  }

  /**
   * Keeps allocations: all in memory, then the sets of those that are to be pending, then on disk.
   *
   * @param pending which of them
   * @throws UncheckedIOException if the disk refuses any of it; the rest is done all the same, and
   *     a set that cannot be pending is none
   */
  void put(List<AllocationRecord> all, Predicate<AllocationRecord> pending) {
    all.forEach(record -> records.put(record.hash(), record));
    try {
      each(
          all.stream().filter(pending).toList(),
          record -> folders.swap(record.hash(), SetFiles.pending()));
    } finally {
      each(all, store::write);
    }
  }

  /**
   * An allocation is nobody's: its set is pending.
   *
   * @throws UncheckedIOException if the disk refuses; it has no set then
   */
  void free(AllocationRecord record) {
    put(List.of(record.withClaim(Optional.empty())), _ -> true);
  }

  /** Takes the step with all of them, and then throws what the disk refused first. */
  private static void each(List<AllocationRecord> all, Consumer<AllocationRecord> step) {
    UncheckedIOException refusal = null;
    for (AllocationRecord record : all) {
      try {
        step.accept(record);
      } catch (UncheckedIOException e) {
        refusal = refusal == null ? e : refusal;
      }
    }
    if (refusal != null) {
      throw refusal;
    }
  }

  /** Forgets an allocation. */
  void remove(AllocationRecord record) {
    store.remove(record.id());
    records.remove(record.hash());
  }

  /**
   * Gives all allocations of a container its set, or none of them any: those that were not reached
   * would have what was right before.
   *
   * @throws UncheckedIOException if the disk refuses
   */
  void swap(List<AllocationRecord> allocations, ContainerSet set, long generation) {
    try {
      for (AllocationRecord record : allocations) {
        Claim claim = record.claim().orElseThrow();
        folders.swap(record.hash(), SetFiles.of(set, claim.sandbox(), generation));
      }
    } catch (UncheckedIOException e) {
      try {
        each(allocations, record -> folders.withdraw(record.hash()));
      } catch (UncheckedIOException more) {
        e.addSuppressed(more);
      }
      throw e;
    }
  }

  /** What the disk refuses and why, for people, without a full stop. */
  static String reason(UncheckedIOException refusal) {
    Throwable cause = refusal.getCause();
    return refusal.getMessage() + (cause == null ? "" : ": " + cause.getMessage());
  }

  /** Whether the disk takes what a step does; where it does not, the log has why. */
  static boolean takes(Runnable step) {
    try {
      step.run();
      return true;
    } catch (UncheckedIOException e) {
      LOG.atError().setCause(e).log("disk refuses, containers have no files rather than old ones");
      return false;
    }
  }
}
