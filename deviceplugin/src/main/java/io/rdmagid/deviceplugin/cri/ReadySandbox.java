package io.rdmagid.deviceplugin.cri;

import io.rdmagid.deviceplugin.workload.Sandbox;
import io.rdmagid.proto.cri.PodSandbox;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A sandbox of the runtime's list.
 *
 * @param createdAt in nanoseconds since 1970
 * @param runtimeHandler as the pod's RuntimeClass names it, empty for the default
 */
record ReadySandbox(
    String id,
    String podUid,
    String namespace,
    String podName,
    long createdAt,
    String runtimeHandler) {
  static ReadySandbox of(PodSandbox sandbox) {
    return new ReadySandbox(
        sandbox.getId(),
        sandbox.getMetadata().getUid(),
        sandbox.getMetadata().getNamespace(),
        sandbox.getMetadata().getName(),
        sandbox.getCreatedAt(),
        sandbox.getRuntimeHandler());
  }

  /** What no other pod of the node is called at the time. */
  String pod() {
    return namespace + "/" + podName;
  }

  /** As the workload knows it. */
  Sandbox in(Optional<Path> networkNamespace) {
    return new Sandbox(id, podUid, namespace, podName, networkNamespace, runtimeHandler);
  }
}
