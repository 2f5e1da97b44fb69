package io.rdmagid.operator.job;

import io.rdmagid.operator.job.OwnerApi.Owned;
import io.rdmagid.operator.job.OwnerApi.Owner;
import io.rdmagid.operator.job.OwnerApi.Reading;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds the job that a pod is of: by its label, else by who made it, and who made that, as far up
 * as the kinds make jobs. Each object is read once; one that may not be read is asked for again
 * after a minute. Safe for use by any thread.
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
   * Each of its replicas, a leader with its workers, is a job: it serves by itself. Pods say by a
   * label of which they are.
   */
  private static final String LEADER_WORKER_SET = "leaderworkerset.x-k8s.io/LeaderWorkerSet";

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
          LEADER_WORKER_SET,
          "kubeflow.org/MPIJob",
          "kubeflow.org/PyTorchJob",
          "ray.io/RayCluster");

  /**
   * How long what may not be read is not asked for again: roles come with the objects they name.
   */
  private static final Duration UNTIL_ALLOWED = Duration.ofMinutes(1);

  private final OwnerApi api;
  private final Clock clock;
  private final Map<String, Maker> makers = new ConcurrentHashMap<>();

  /**
   * Who made an object.
   *
   * @param owner empty where nobody did, as far as is known
   * @param until when to ask again; empty where the answer stays
   */
  private record Maker(Optional<Owner> owner, Optional<Instant> until) {
    boolean stands(Instant now) {
      return OwnerChain.stands(until, now);
    }
  }

  /**
   * Whose a pod is.
   *
   * @param group the job; empty where the pod is of none, or is no longer there
   * @param until when to ask again, as not all could be read; empty where the answer stays
   */
  public record Job(Optional<GroupKey> group, Optional<Instant> until) {
    private static final Job NONE = new Job(Optional.empty(), Optional.empty());

    /** Whether it need not be asked again yet. */
    public boolean stands(Instant now) {
      return OwnerChain.stands(until, now);
    }
  }

  /** Nothing is read yet. */
  public OwnerChain(OwnerApi api, Clock clock) {
    this.api = api;
    this.clock = clock;
  }

  /** The job of a pod. */
  public Job jobOf(String namespace, String podName, String podUid) {
    return switch (api.get(namespace, "v1", "Pod", podName)) {
      case Reading.Found(Owned pod) when pod.uid().equals(podUid) -> jobOf(namespace, pod);
      case Reading.Found _, Reading.Absent _ -> Job.NONE;
      case Reading.Forbidden _ ->
          new Job(Optional.empty(), Optional.of(clock.instant().plus(UNTIL_ALLOWED)));
    };
  }

  /** The job of a pod that was read already. */
  public Job jobOf(String namespace, Owned pod) {
    String label = pod.groupLabel();
    if (label != null && !label.isEmpty()) {
      return new Job(Optional.of(GroupKey.ofLabel(namespace, label)), Optional.empty());
    }
    Owner owner = pod.controller();
    return owner == null || NO_JOBS.contains(kind(owner))
        ? Job.NONE
        : jobOf(namespace, owner, pod.replica());
  }

  private Job jobOf(String namespace, Owner first, @Nullable String replica) {
    Owner top = first;
    Optional<Instant> until = Optional.empty();
    for (int depth = 1; depth < DEPTH && MADE_BY_OTHERS.contains(kind(top)); depth++) {
      Maker maker = maker(namespace, top);
      until = maker.until();
      if (maker.owner().isEmpty()) {
        break;
      }
      top = maker.owner().get();
    }
    return new Job(
        Optional.of(
            replica != null && kind(top).equals(LEADER_WORKER_SET)
                ? GroupKey.ofReplica(namespace, top, replica)
                : GroupKey.ofOwner(namespace, top)),
        until);
  }

  private static boolean stands(Optional<Instant> until, Instant now) {
    return until.filter(time -> !now.isBefore(time)).isEmpty();
  }

  private Maker maker(String namespace, Owner owner) {
    Maker known = makers.get(owner.uid());
    if (known != null && known.stands(clock.instant())) {
      return known;
    }
    Maker found =
        switch (api.get(namespace, owner.apiVersion(), owner.kind(), owner.name())) {
          case Reading.Found(Owned object) when object.uid().equals(owner.uid()) ->
              new Maker(
                  Optional.ofNullable(object.controller())
                      .filter(maker -> MAKERS.contains(kind(maker))),
                  Optional.empty());
          case Reading.Found _, Reading.Absent _ -> new Maker(Optional.empty(), Optional.empty());
          case Reading.Forbidden _ ->
              new Maker(Optional.empty(), Optional.of(clock.instant().plus(UNTIL_ALLOWED)));
        };
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
