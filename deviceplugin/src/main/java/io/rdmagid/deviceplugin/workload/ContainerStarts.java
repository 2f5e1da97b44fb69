package io.rdmagid.deviceplugin.workload;

import java.util.List;

/**
 * What the kubelet's {@code PreStartContainer} asks of the agent. Safe for use by any thread,
 * several at a time.
 */
@FunctionalInterface
public interface ContainerStarts {
  /**
   * A container with these devices of a pool is about to be made; its sandbox has its network. The
   * kubelet asks so for every start, once for each of the container's pools one after the other,
   * and gives up after 30 s (k8s.io/kubelet, deviceplugin/v1beta1/constants.go).
   *
   * @param resourceName of the pool
   * @param ids device ids as the pool's {@link PoolOffer} listed them, in any order
   * @throws InterruptedException if the thread is interrupted while it waits
   */
  Outcome starts(String resourceName, List<String> ids) throws InterruptedException;

  /** What became of it. */
  sealed interface Outcome {
    /** The container can be made. */
    record Ready() implements Outcome {}

    /**
     * It must not be made now. The kubelet asks again later.
     *
     * @param reason one sentence for the pod's events, without a full stop
     */
    record Refused(String reason) implements Outcome {}
  }
}
