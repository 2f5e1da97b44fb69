package io.rdmagid.deviceplugin.workload;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The ends of sandboxes that the runtime does not tell: containerd says neither stop nor removal of
 * one that is older than itself, as it learns their states by running them (pkg/nri/nri.go, {@code
 * needsStopping}). Those of containers it tells of all that it has shown us, and the kubelet
 * removes the last container of a pod only when the pod has ended, at most a minute later. It
 * belongs to the workload's thread.
 */
final class UntoldEnds {
  private final AllocationBook book;

  /** Sandboxes that were there before we were connected, each with its removed containers. */
  private final Map<String, Set<String>> older = new HashMap<>();

  /**
   * What claims stand for containers by that were made before the runtime had NRI, by their ids.
   */
  private final Map<String, String> standIns = new HashMap<>();

  /** Knows of no sandbox. */
  UntoldEnds(AllocationBook book) {
    this.book = book;
  }

  /** The runtime shows these now, and tells what becomes of the containers. */
  void connected(Set<String> sandboxes, List<ContainerSpec> containers) {
    older.clear();
    standIns.clear();
    sandboxes.forEach(sandbox -> older.put(sandbox, new HashSet<>()));
    for (ContainerSpec container : containers) {
      if (!book.claimed(container.standInId()).isEmpty()) {
        standIns.put(container.id(), container.standInId());
      }
    }
  }

  /** The end of the sandbox is told, or was found out. */
  void ended(String sandbox) {
    Set<String> _ = older.remove(sandbox);
  }

  /**
   * A container is gone.
   *
   * @return whether its sandbox has ended with it: nothing that has an allocation is left there
   */
  boolean isLast(String sandbox, String container) {
    String standIn = standIns.remove(container);
    Set<String> removed = older.get(sandbox);
    if (removed == null) {
      return false;
    }
    removed.add(container);
    if (standIn != null) {
      removed.add(standIn);
    }
    Set<String> claimed = book.containersOf(sandbox);
    removed.retainAll(claimed);
    return !claimed.isEmpty() && removed.size() == claimed.size();
  }
}
