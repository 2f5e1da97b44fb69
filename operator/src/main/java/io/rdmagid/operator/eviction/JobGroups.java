package io.rdmagid.operator.eviction;

import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.rdmagid.operator.failover.PodRef;
import io.rdmagid.operator.job.FabricOwnerApi;
import io.rdmagid.operator.job.GroupKey;
import io.rdmagid.operator.job.OwnerApi.Owned;
import io.rdmagid.operator.job.OwnerChain;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Groups that are jobs; a pod of none is its own. Pods are listed when a group is asked for, a page
 * at a time: nobody watches the cluster's.
 */
final class JobGroups implements PodGroups {
  /** How many pods the server lists at a time. */
  private static final long PAGE = 500;

  private final KubernetesClient client;
  private final OwnerChain owners;

  JobGroups(KubernetesClient client, Clock clock) {
    this.client = client;
    this.owners = new OwnerChain(new FabricOwnerApi(client), clock);
  }

  @Override
  public Optional<PodGroup> of(PodRef ref) {
    Pod pod = client.pods().inNamespace(ref.namespace()).withName(ref.name()).get();
    if (pod == null || !ref.uid().equals(pod.getMetadata().getUid())) {
      return Optional.empty();
    }
    return Optional.of(
        job(pod)
            .map(job -> new PodGroup(job.namespace() + "/" + job.id(), members(job, ref)))
            .orElseGet(() -> new PodGroup(ref.uid(), List.of(ref))));
  }

  private Optional<GroupKey> job(Pod pod) {
    return owners.jobOf(pod.getMetadata().getNamespace(), Owned.of(pod.getMetadata())).group();
  }

  /** The pod that was asked for is the first. */
  private List<PodRef> members(GroupKey job, PodRef asked) {
    List<PodRef> members = new ArrayList<>(List.of(asked));
    String next = null;
    do {
      PodList page = page(job.namespace(), next);
      page.getItems().stream()
          .filter(PodLife::isRunning)
          .filter(pod -> job(pod).equals(Optional.of(job)))
          .map(JobGroups::reference)
          .filter(pod -> !pod.equals(asked))
          .forEach(members::add);
      next = page.getMetadata().getContinue();
    } while (next != null && !next.isEmpty());
    return members;
  }

  private PodList page(String namespace, @Nullable String next) {
    return client
        .pods()
        .inNamespace(namespace)
        .list(new ListOptionsBuilder().withLimit(PAGE).withContinue(next).build());
  }

  private static PodRef reference(Pod pod) {
    return new PodRef(
        pod.getMetadata().getNamespace(), pod.getMetadata().getName(), pod.getMetadata().getUid());
  }
}
