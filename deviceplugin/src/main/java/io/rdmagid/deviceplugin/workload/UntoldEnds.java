package io.rdmagid.deviceplugin.workload;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The ends of sandboxes that the runtime does not tell: containerd says neither stop nor removal of
 * one that is older than itself, whose state it would know from having run it ({@code
 * internal/nri/nri.go}). Of the containers that it has shown us it tells the removal; and the
 * kubelet keeps the last container of a pod, ended or not, until the pod has ended, and then
 * removes it within a minute. It belongs to the workload's thread.
 *
 * <p>A container of which the runtime says nothing, since it had ended before the runtime started,
 * is not waited for, and where there is no other of ours, nothing tells the sandbox's end.
 */
final class UntoldEnds {
  /** Sandboxes that were there before we were connected, each with those of our containers. */
  private final Map<String, Set<String>> older = new HashMap<>();

  /**
   * The runtime shows these now, and tells what becomes of the containers.
   *
   * @param ours the containers that have folders of ours
   */
  void connected(Set<String> sandboxes, Collection<ContainerSpec> ours) {
    older.clear();
    sandboxes.forEach(sandbox -> older.put(sandbox, new HashSet<>()));
    ours.forEach(container -> made(container.sandboxId(), container.id()));
  }

  /** A container with folders of ours is made; one that is refused never is. */
  void made(String sandbox, String container) {
    Set<String> containers = older.get(sandbox);
    if (containers != null) {
      containers.add(container);
    }
  }

  /**
   * A container is gone, or was never made.
   *
   * @return whether its sandbox has ended with it
   */
  boolean isLast(String sandbox, String container) {
    Set<String> containers = older.get(sandbox);
    return containers != null && containers.remove(container) && containers.isEmpty();
  }

  /** The end of the sandbox is told. */
  void ended(String sandbox) {
    Set<String> _ = older.remove(sandbox);
  }
}
