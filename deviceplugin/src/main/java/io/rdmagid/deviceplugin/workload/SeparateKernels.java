package io.rdmagid.deviceplugin.workload;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Runtimes whose containers do not run on the node's kernel: Kata's have one of a virtual machine,
 * gVisor's one in user space. The node's RDMA devices and its GID tables are not there. A pure
 * function of the runtime handler's name, as these projects' documentation and charts name it.
 */
final class SeparateKernels {
  private static final Pattern NAMES = Pattern.compile("(kata|runsc|gvisor)([-_.0-9].*)?");

  private SeparateKernels() {}

  /**
   * Why a container of this runtime handler cannot have what we hand out, a sentence without a full
   * stop.
   */
  static Optional<String> objection(String runtimeHandler) {
    return NAMES.matcher(runtimeHandler).matches()
        ? Optional.of(
            "runtime handler "
                + runtimeHandler
                + " runs pods on a kernel of their own, which does not have the node's RDMA"
                + " devices: use a RuntimeClass that runs them on the node's")
        : Optional.empty();
  }
}
