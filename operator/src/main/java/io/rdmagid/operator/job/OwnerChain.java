package io.rdmagid.operator.job;

import io.rdmagid.operator.job.OwnerApi.Owned;
import io.rdmagid.operator.job.OwnerApi.Owner;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Finds the job that a pod is of: by its label, else by who made it, and who made that, as far up
 * as the kinds make jobs. Each object is read once. Safe for use by any thread.
 */
public final class OwnerChain {
  /**
   * How far it is at most: a worker of a LeaderWorkerSet comes from a StatefulSet, which comes from
   * the leader's Pod, which comes from a StatefulSet, which comes from the LeaderWorkerSet.
   */
  private static final int DEPTH = 4;

  /** How many answers are kept; they are asked for anew then. */
  private static final int MOST_KEPT = 10_000;

  /**
   * Kinds of which nobody makes one for each job: their pods are on many nodes of any kind, or come
   * and go with versions.
   */
  private static final Set<String> NO_JOBS = Set.of("/Node", "apps/DaemonSet", "apps/ReplicaSet");

  /** Those that are made by another of these, so that they are read. */
  private static final Set<String> MADE_BY_OTHERS = Set.of("batch/Job", "apps/StatefulSet", "/Pod");

  /**
   * Those that may make another of these. Not CronJob: what it makes one after the other are jobs
   * of their own.
   */
  private static final Set<String> MAKERS =
      Set.of(
          "batch/Job",
          "apps/StatefulSet",
          "/Pod",
          "jobset.x-k8s.io/JobSet",
          "leaderworkerset.x-k8s.io/LeaderWorkerSet",
          "kubeflow.org/MPIJob",
          "kubeflow.org/PyTorchJob",
          "ray.io/RayCluster");

  private final OwnerApi api;
  private final Map<String, Optional<Owner>> makers = new ConcurrentHashMap<>();

  /** Nothing is read yet. */
  public OwnerChain(OwnerApi api) {
    this.api = api;
  }

  /** The job of a pod; empty where it is of none, or is no longer there. */
  public Optional<GroupKey> groupOf(String namespace, String podName, String podUid) {
    return api.get(namespace, "v1", "Pod", podName)
        .filter(found -> found.uid().equals(podUid))
        .flatMap(pod -> groupOf(namespace, pod));
  }

  /** The job of a pod that was read already; empty where it is of none. */
  public Optional<GroupKey> groupOf(String namespace, Owned pod) {
    String label = pod.groupLabel();
    if (label != null && !label.isEmpty()) {
      return Optional.of(GroupKey.ofLabel(namespace, label));
    }
    Owner owner = pod.controller();
    return owner == null || NO_JOBS.contains(kind(owner))
        ? Optional.empty()
        : Optional.of(GroupKey.ofOwner(namespace, top(namespace, owner)));
  }

  private Owner top(String namespace, Owner first) {
    Owner top = first;
    for (int depth = 1; depth < DEPTH && MADE_BY_OTHERS.contains(kind(top)); depth++) {
      Optional<Owner> maker = maker(namespace, top);
      if (maker.isEmpty()) {
        break;
      }
      top = maker.get();
    }
    return top;
  }

  private Optional<Owner> maker(String namespace, Owner owner) {
    Optional<Owner> known = makers.get(owner.uid());
    if (known != null) {
      return known;
    }
    Optional<Owner> found =
        api.get(namespace, owner.apiVersion(), owner.kind(), owner.name())
            .filter(object -> object.uid().equals(owner.uid()))
            .flatMap(object -> Optional.ofNullable(object.controller()))
            .filter(maker -> MAKERS.contains(kind(maker)));
    if (makers.size() >= MOST_KEPT) {
      makers.clear();
    }
    makers.put(owner.uid(), found);
    return found;
  }

  private static String kind(Owner owner) {
    return owner.apiGroup() + "/" + owner.kind();
  }
}
