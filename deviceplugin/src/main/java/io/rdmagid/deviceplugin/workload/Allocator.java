package io.rdmagid.deviceplugin.workload;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What the kubelet's {@code Allocate} asks of the agent. Safe for use by any thread; blocks for no
 * longer than it takes to write one small folder.
 */
public interface Allocator {
  /**
   * Prepares one container's devices of one pool: a folder with a pending set of files. The kubelet
   * names neither pod nor container, keeps the answer, and gives it to every later container that
   * has the same ids, after a reboot as well; so the same pool and ids always get the same answer.
   *
   * @param pool the pool's name
   * @param ids device ids as the pool's {@link PoolOffer} listed them, in any order
   */
  Outcome allocate(String pool, List<String> ids);

  /** What became of it. */
  sealed interface Outcome {
    /**
     * The container can have them.
     *
     * @param cdiDevices qualified CDI device names, one a device
     * @param hostFolder what to mount, read-only; it is there
     * @param containerFolder where to mount it
     * @param variables that point libraries to the files in it
     */
    record Granted(
        List<String> cdiDevices,
        Path hostFolder,
        String containerFolder,
        Map<String, String> variables)
        implements Outcome {
      public Granted {
        cdiDevices = List.copyOf(cdiDevices);
        variables = Map.copyOf(variables);
      }
    }

    /**
     * It cannot: the pod's admission fails with this.
     *
     * @param reason one sentence for the pod's events, without a full stop
     */
    record Refused(String reason) implements Outcome {}
  }
}
