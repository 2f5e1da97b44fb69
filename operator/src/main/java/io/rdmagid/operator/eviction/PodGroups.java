package io.rdmagid.operator.eviction;

import io.rdmagid.operator.failover.PodRef;
import java.util.List;
import java.util.Optional;

/** Which pods make a job together. */
@FunctionalInterface
interface PodGroups {
  /**
   * The group of a pod; empty where there is no pod of that uid.
   *
   * @throws io.fabric8.kubernetes.client.KubernetesClientException where the server does not tell
   */
  Optional<PodGroup> of(PodRef pod);

  /**
   * A group.
   *
   * @param uid the same for all pods of it, and for those that come after them
   * @param pods those that have not ended and are not being deleted; the one that was asked for is
   *     among them
   */
  record PodGroup(String uid, List<PodRef> pods) {
    public PodGroup {
      pods = List.copyOf(pods);
    }
  }
}
