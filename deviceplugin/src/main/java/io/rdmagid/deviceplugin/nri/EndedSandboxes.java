package io.rdmagid.deviceplugin.nri;

import io.rdmagid.deviceplugin.workload.ContainerSpec;
import io.rdmagid.deviceplugin.workload.Sandbox;
import io.rdmagid.proto.nri.PodSandbox;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The sandboxes of a Synchronize that have ended: runtimes show them until their pods' objects are
 * deleted, and nothing in the message says so (containerd: ListPodSandboxes in
 * internal/cri/nri/nri_api_linux.go; CRI-O: the same in server/nri-api.go). That a pod completed
 * while nobody was connected is told by nothing else. Taken for ended is one that has no container
 * and no process of its own, and
 *
 * <ul>
 *   <li>whose network namespace, which a pod has to its end, is gone from the folder where it was,
 *   <li>or that has the host's network, where the runtime is containerd: there a sandbox that has a
 *       specification has a process until it ends. One of CRI-O may have none at any time.
 * </ul>
 *
 * <p>Not thread-safe.
 */
final class EndedSandboxes {
  private static final String CONTAINERD = "containerd";

  private final Set<String> withoutProcess = new HashSet<>();

  /**
   * The runtime shows this one.
   *
   * @param runtime its name, its version may follow
   */
  void shown(PodSandbox pod, Sandbox sandbox, String runtime) {
    boolean ended =
        pod.getPid() == 0
            && sandbox
                .networkNamespace()
                .map(EndedSandboxes::isGone)
                .orElse(runtime.startsWith(CONTAINERD) && pod.getLinux().getNamespacesCount() > 0);
    if (ended) {
      withoutProcess.add(sandbox.id());
    }
  }

  /** Those of these that have not ended, where these are all containers that there are. */
  List<Sandbox> alive(Collection<Sandbox> sandboxes, Collection<ContainerSpec> containers) {
    containers.forEach(container -> withoutProcess.remove(container.sandboxId()));
    return sandboxes.stream().filter(sandbox -> !withoutProcess.contains(sandbox.id())).toList();
  }

  void clear() {
    withoutProcess.clear();
  }

  /** Not where the folder is not to be seen either: then we see too little to say so. */
  private static boolean isGone(Path namespace) {
    Path folder = namespace.getParent();
    return folder != null && Files.isDirectory(folder) && !Files.exists(namespace);
  }
}
