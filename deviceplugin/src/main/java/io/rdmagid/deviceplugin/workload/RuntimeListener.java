package io.rdmagid.deviceplugin.workload;

import java.time.Duration;
import java.util.List;

/**
 * What the container runtime tells the agent, in the runtime's order, one call at a time. Called by
 * the runtime edge's thread. Each call but {@link #createContainer} returns soon: the runtime holds
 * a node-wide lock meanwhile.
 */
public interface RuntimeListener {
  /**
   * All that the runtime has now: after every connection, before anything else.
   *
   * @param containers created or running, with the environment that they have
   */
  void synchronize(List<Sandbox> sandboxes, List<ContainerSpec> containers);

  /** A sandbox runs; CNI has finished. An agent that was away may never hear of it. */
  void sandboxStarted(Sandbox sandbox);

  /**
   * A container is about to be made. Blocks until the choice is made or the limit is over.
   *
   * @param limit how long at most from now on; where it is over already, there is one try
   * @throws InterruptedException if the thread is interrupted while it waits
   */
  Adjustment createContainer(Sandbox sandbox, ContainerSpec container, Duration limit)
      throws InterruptedException;

  /** A sandbox ends; CNI may not have undone its work yet. Its namespace is let go soon after. */
  void sandboxStopped(String sandboxId);

  /** A sandbox is gone. */
  void sandboxRemoved(String sandboxId);

  /** The processes of a container have ended; it is not started again. */
  void containerStopped(String sandboxId, String containerId);

  /** A container is gone, or was never made after all. */
  void containerRemoved(String sandboxId, String containerId);
}
