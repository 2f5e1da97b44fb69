package io.rdmagid.deviceplugin.workload;

import io.rdmagid.gid.GidScope;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A pod's sandbox as the container runtime knows it. The same pod gets another one, with another
 * network namespace, when its sandbox is made again.
 *
 * @param id the runtime's
 * @param podUid the pod's UID
 * @param namespace the pod's namespace
 * @param podName the pod's name
 * @param networkNamespace a file to enter it by; empty where the pod has the host's network
 * @param runtimeHandler as the pod's RuntimeClass names it, empty for the default
 */
public record Sandbox(
    String id,
    String podUid,
    String namespace,
    String podName,
    Optional<Path> networkNamespace,
    String runtimeHandler) {
  /** Where the addresses are that a rule of this scope chooses from; empty for the host's. */
  Optional<Path> namespaceOf(GidScope scope) {
    return scope == GidScope.HOST ? Optional.empty() : networkNamespace;
  }
}
