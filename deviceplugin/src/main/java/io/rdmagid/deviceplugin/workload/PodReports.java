package io.rdmagid.deviceplugin.workload;

import io.rdmagid.assignment.Assignment;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Tells what pods hold, each as a whole: in whichever container. Not thread-safe. */
final class PodReports {
  private final String node;
  private final StoredAllocations stored;
  private final Map<String, ContainerSet> sets;
  private final AssignmentReports reports;

  /**
   * Nothing is told yet.
   *
   * @param node the Node's name
   * @param stored all allocations
   * @param sets of containers, by their ids, as they are at the time
   */
  PodReports(
      String node,
      StoredAllocations stored,
      Map<String, ContainerSet> sets,
      AssignmentReports reports) {
    this.node = node;
    this.stored = stored;
    this.sets = sets;
    this.reports = reports;
  }

  /** Tells what the pod of these allocations holds, if they have one. */
  void tell(List<AllocationRecord> allocations) {
    holdings(allocations).ifPresent(reports::holds);
  }

  /** Takes a step with the allocations of a pod, and tells what it holds where that is new. */
  void change(List<AllocationRecord> allocations, Runnable step) {
    Optional<Assignment> before = holdings(allocations);
    step.run();
    holdings(allocations).filter(now -> !before.equals(Optional.of(now))).ifPresent(reports::holds);
  }

  /**
   * Takes a step by which pods lose these allocations, and tells what each still holds, or that it
   * holds nothing any more; also where the step throws, as a disk's refusal keeps nothing a pod's.
   */
  <T> T lose(Collection<AllocationRecord> allocations, Supplier<T> step) {
    Map<String, Assignment> before = new TreeMap<>();
    for (AllocationRecord record : allocations) {
      record
          .claim()
          .ifPresent(claim ->
              holdings(List.of(record))
                  .ifPresent(assignment -> before.put(claim.sandbox().id(), assignment)));
    }
    try {
      return step.get();
    } finally {
      before.forEach(
          (sandbox, held) -> reports.holds(remaining(sandbox).orElseGet(held::released)));
    }
  }

  private Optional<Assignment> remaining(String sandboxId) {
    return stored.all().stream()
        .filter(record -> record.claimIn(sandboxId).isPresent())
        .findFirst()
        .flatMap(record -> holdings(List.of(record)));
  }

  private Optional<Assignment> holdings(List<AllocationRecord> allocations) {
    return PodHoldings.assignment(node, allocations, stored.all(), sets);
  }
}
