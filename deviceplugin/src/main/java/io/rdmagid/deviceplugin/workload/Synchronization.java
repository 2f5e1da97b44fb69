package io.rdmagid.deviceplugin.workload;

import io.rdmagid.assignment.ContainerVariables;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the allocations to what the runtime shows when it is connected again: meanwhile it goes on
 * making containers, and nobody chooses for those. It belongs to the workload's thread.
 */
final class Synchronization {
  private static final Logger LOG = LoggerFactory.getLogger(Synchronization.class);

  private final AllocationBook book;
  private final Supplier<ClusterPools> pools;
  private final StrayFolders strays;

  /**
   * Knows of no container.
   *
   * @param pools the cluster's now
   */
  Synchronization(AllocationBook book, Supplier<ClusterPools> pools, StrayFolders strays) {
    this.book = book;
    this.pools = pools;
    this.strays = strays;
  }

  /**
   * The runtime has these containers, and no others.
   *
   * @param alive its sandboxes by their ids
   */
  void follow(Map<String, Sandbox> alive, List<ContainerSpec> containers) {
    Set<String> running = new HashSet<>();
    for (ContainerSpec container : containers) {
      running.add(container.id());
      running.add(container.standInId()); // it may have claimed before the runtime had NRI
    }
    book.containersEnded(id -> !running.contains(id));
    for (ContainerSpec container : containers) {
      Sandbox sandbox = alive.get(container.sandboxId());
      if (sandbox != null) {
        boolean _ = StoredAllocations.takes(() -> claim(sandbox, container, running));
      }
      boolean _ = StoredAllocations.takes(() -> settle(container));
    }
    strays.removeAllBut(containers);
  }

  /**
   * Claims for a container that nobody claimed for: its ports are in use. What another container of
   * its sandbox has that does not run any more is its own now, as where it is made with us.
   */
  private void claim(Sandbox sandbox, ContainerSpec container, Set<String> running) {
    List<AllocationRecord> allocations = book.allocationsOf(container).orElse(List.of());
    boolean left =
        allocations.stream()
            .flatMap(record -> record.claim().stream())
            .allMatch(claim ->
                claim.sandbox().id().equals(sandbox.id())
                    && !running.contains(claim.containerId()));
    if (allocations.isEmpty() || !left) {
      return;
    }
    Set<String> names = PodHoldings.pools(allocations);
    Map<String, PoolTerms> terms = pools.get().terms(container, names);
    if (terms.keySet().equals(names)) {
      book.claim(sandbox, container, allocations, terms);
    }
  }

  private void settle(ContainerSpec container) {
    List<AllocationRecord> allocations = book.claimed(container.id());
    if (allocations.isEmpty()) {
      return;
    }
    if (allocations.stream()
        .map(record -> ContainerVariables.prefix(record.id().pool()))
        .allMatch(container::hasVariableWith)) {
      book.confirm(container.id());
    } else if (isOnAKernelOfItsOwn(allocations)) {
      book.abandon(container.id());
    } else if (book.adopt(container)) {
      LOG.atWarn()
          .addKeyValue("container", container.name())
          .addKeyValue("sandbox", container.sandboxId())
          .log("container was made without the agent's answer, it has files from us, no variables");
    }
  }

  /** Nothing that we see is so there. */
  private static boolean isOnAKernelOfItsOwn(List<AllocationRecord> allocations) {
    return allocations.stream()
        .flatMap(record -> record.claim().stream())
        .anyMatch(claim -> SeparateKernels.objection(claim.sandbox().runtimeHandler()).isPresent());
  }
}
