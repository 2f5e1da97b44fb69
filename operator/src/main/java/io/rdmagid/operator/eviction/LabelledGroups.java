package io.rdmagid.operator.eviction;

import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.rdmagid.api.naming.PodMetadata;
import io.rdmagid.operator.failover.PodRef;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Groups by the label that people write, else by the pod's controller; a pod that has neither is
 * its own. Pods are listed when a group is asked for: nobody watches the cluster's.
 */
record LabelledGroups(KubernetesClient client) implements PodGroups {
  private static final Set<String> ENDED = Set.of("Succeeded", "Failed");

  @Override
  public Optional<PodGroup> of(PodRef ref) {
    Pod pod = client.pods().inNamespace(ref.namespace()).withName(ref.name()).get();
    if (pod == null || !ref.uid().equals(pod.getMetadata().getUid())) {
      return Optional.empty();
    }
    String uid = uid(pod);
    return Optional.of(
        new PodGroup(
            uid,
            uid.equals(ref.uid())
                ? List.of(ref)
                : client.pods().inNamespace(ref.namespace()).list().getItems().stream()
                    .filter(other -> uid(other).equals(uid))
                    .filter(other -> isRunning(other) || reference(other).equals(ref))
                    .map(LabelledGroups::reference)
                    .toList()));
  }

  private static String uid(Pod pod) {
    Map<String, String> labels =
        Objects.requireNonNullElse(pod.getMetadata().getLabels(), Map.of());
    String label = labels.get(PodMetadata.GROUP_LABEL);
    return label != null
        ? pod.getMetadata().getNamespace() + "/" + label
        : pod.getMetadata().getOwnerReferences().stream()
            .filter(owner -> Boolean.TRUE.equals(owner.getController()))
            .map(OwnerReference::getUid)
            .findFirst()
            .orElse(pod.getMetadata().getUid());
  }

  private static boolean isRunning(Pod pod) {
    return pod.getMetadata().getDeletionTimestamp() == null
        && (pod.getStatus() == null
            || pod.getStatus().getPhase() == null
            || !ENDED.contains(pod.getStatus().getPhase()));
  }

  private static PodRef reference(Pod pod) {
    return new PodRef(
        pod.getMetadata().getNamespace(), pod.getMetadata().getName(), pod.getMetadata().getUid());
  }
}
