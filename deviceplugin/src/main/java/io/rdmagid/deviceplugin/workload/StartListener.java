package io.rdmagid.deviceplugin.workload;

import java.time.Duration;
import java.util.Collection;
import java.util.Set;

/**
 * What an edge tells the agent that hears of containers by their devices, and of nothing else: it
 * has no events of sandboxes, sees no environment, and what it answers reaches files only. Safe for
 * use by any thread.
 */
public interface StartListener {
  /** The runtime has the sandboxes of these ids, and no others, and no container is being made. */
  void begin(Set<String> sandboxes);

  /**
   * The ids of the sandboxes that have allocations now.
   *
   * @throws InterruptedException if the thread is interrupted while it waits
   */
  Set<String> holders() throws InterruptedException;

  /** A sandbox has ended. */
  void sandboxStopped(String sandboxId);

  /**
   * A container is about to be made, for the first time or again. Blocks until the choice is made
   * or the limit is over.
   *
   * @param container its name in the pod's spec
   * @param allocations all that the kubelet gave to it, one a pool
   * @param limit how long at most
   * @throws InterruptedException if the thread is interrupted while it waits
   */
  ContainerStarts.Outcome containerStarts(
      Sandbox sandbox, String container, Collection<AllocationId> allocations, Duration limit)
      throws InterruptedException;
}
