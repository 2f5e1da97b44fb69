package io.rdmagid.operator.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.operator.TestClock;
import io.rdmagid.operator.job.OwnerApi.Owned;
import io.rdmagid.operator.job.OwnerApi.Owner;
import io.rdmagid.operator.job.OwnerApi.Reading;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OwnerChainTest {
  private final Map<String, Owned> objects = new HashMap<>();
  private final Set<String> forbidden = new HashSet<>();
  private final List<String> reads = new ArrayList<>();
  private final TestClock clock = new TestClock();
  private final OwnerChain chain =
      new OwnerChain(
          (namespace, apiVersion, kind, name) -> {
            String key = namespace + " " + apiVersion + "/" + kind + " " + name;
            reads.add(key);
            if (forbidden.contains(key)) {
              return new Reading.Forbidden();
            }
            Owned found = objects.get(key);
            return found == null ? new Reading.Absent() : new Reading.Found(found);
          },
          clock);

  private Optional<GroupKey> group(String namespace, String pod, String uid) {
    return chain.jobOf(namespace, pod, uid).group();
  }

  @Test
  void theLabelNamesTheGroup() {
    objects.put(
        "team v1/Pod a", new Owned("a-uid", "train", null, owner("batch/v1", "Job", "a-job")));
    objects.put("team v1/Pod b", new Owned("b-uid", "train", null, null));

    assertThat(group("team", "a", "a-uid"))
        .contains(new GroupKey("team", "label/train", "group train"))
        .isEqualTo(group("team", "b", "b-uid"));
    assertThat(reads).containsExactly("team v1/Pod a", "team v1/Pod b");
  }

  @Test
  void aPodThatNobodyMadeIsOfNoJob() {
    made("v1", "Pod", "alone", null);
    made("v1", "Pod", "mirror", owner("v1", "Node", "node-a"));
    made("v1", "Pod", "agent", owner("apps/v1", "DaemonSet", "agents"));
    made("v1", "Pod", "web", owner("apps/v1", "ReplicaSet", "web-1"));

    for (String pod : List.of("alone", "mirror", "agent", "web", "gone")) {
      assertThat(group("team", pod, pod + "-uid")).as(pod).isEmpty();
    }
  }

  @Test
  void anotherPodOfTheNameTellsNothing() {
    made("v1", "Pod", "a", owner("batch/v1", "Job", "a-job"));

    assertThat(group("team", "a", "other-uid")).isEmpty();
  }

  @Test
  void theTopmostKindThatMakesJobsIsTheGroup() {
    made("v1", "Pod", "a", owner("batch/v1", "Job", "workers-0"));
    made("batch/v1", "Job", "workers-0", owner("jobset.x-k8s.io/v1alpha2", "JobSet", "train"));

    assertThat(group("team", "a", "a-uid"))
        .contains(new GroupKey("team", "uid/train-uid", "JobSet train"));
    assertThat(group("team", "a", "a-uid")).isPresent();
    assertThat(reads)
        .as("the owner is read once")
        .containsExactly("team v1/Pod a", "team batch/v1/Job workers-0", "team v1/Pod a");
  }

  /** Whether it makes the pods itself, or a Job that makes them, whichever its version. */
  @ParameterizedTest
  @CsvSource({
    "batch/v1, Job",
    "apps/v1, StatefulSet",
    "jobset.x-k8s.io/v1alpha2, JobSet",
    "leaderworkerset.x-k8s.io/v1, LeaderWorkerSet",
    "kubeflow.org/v2beta1, MPIJob",
    "kubeflow.org/v1, PyTorchJob",
    "ray.io/v1, RayCluster"
  })
  void allThatOneObjectMakesIsOneGroup(String apiVersion, String kind) {
    Owner maker = owner(apiVersion, kind, "train");
    made(apiVersion, kind, "train", null);
    made("batch/v1", "Job", "helper", maker);
    made("v1", "Pod", "a", maker);
    made("v1", "Pod", "b", maker);
    made("v1", "Pod", "helper-0", owner("batch/v1", "Job", "helper"));
    made("v1", "Pod", "other", owner(apiVersion, kind, "eval"));

    assertThat(group("team", "a", "a-uid"))
        .contains(new GroupKey("team", "uid/" + maker.uid(), kind + " train"))
        .isEqualTo(group("team", "b", "b-uid"))
        .isEqualTo(group("team", "helper-0", "helper-0-uid"))
        .isNotEqualTo(group("team", "other", "other-uid"));
  }

  @Test
  void launcherAndWorkersOfAnMpiJobAreOneGroup() {
    Owner mpi = owner("kubeflow.org/v2beta1", "MPIJob", "mpi");
    made("v1", "Pod", "worker", mpi);
    made("v1", "Pod", "launcher", owner("batch/v1", "Job", "mpi-launcher"));
    made("batch/v1", "Job", "mpi-launcher", mpi);

    assertThat(group("team", "worker", "worker-uid"))
        .contains(new GroupKey("team", "uid/mpi-uid", "MPIJob mpi"))
        .isEqualTo(group("team", "launcher", "launcher-uid"));
  }

  /** A replica serves by itself: one moved GID is no reason to evict the others. */
  @Test
  void leaderAndWorkersOfOneReplicaOfALeaderWorkerSetAreAGroup() {
    made(
        "apps/v1",
        "StatefulSet",
        "lws",
        owner("leaderworkerset.x-k8s.io/v1", "LeaderWorkerSet", "lws"));
    for (String replica : List.of("0", "1")) {
      String leader = "lws-" + replica;
      ofReplica(replica, leader, owner("apps/v1", "StatefulSet", "lws"));
      made("apps/v1", "StatefulSet", leader, owner("v1", "Pod", leader));
      ofReplica(replica, leader + "-1", owner("apps/v1", "StatefulSet", leader));
    }

    assertThat(group("team", "lws-0-1", "lws-0-1-uid"))
        .as("four steps up")
        .contains(new GroupKey("team", "uid/lws-uid/0", "LeaderWorkerSet lws replica 0"))
        .isEqualTo(group("team", "lws-0", "lws-0-uid"));
    assertThat(group("team", "lws-1-1", "lws-1-1-uid"))
        .contains(new GroupKey("team", "uid/lws-uid/1", "LeaderWorkerSet lws replica 1"))
        .isEqualTo(group("team", "lws-1", "lws-1-uid"));
  }

  @Test
  void ofOtherKindsTheLabelOfReplicasTellsNothing() {
    ofReplica("0", "a", owner("batch/v1", "Job", "train"));
    ofReplica("1", "b", owner("batch/v1", "Job", "train"));

    assertThat(group("team", "a", "a-uid"))
        .contains(new GroupKey("team", "uid/train-uid", "Job train"))
        .isEqualTo(group("team", "b", "b-uid"));
  }

  private void ofReplica(String replica, String pod, Owner controller) {
    objects.put("team v1/Pod " + pod, new Owned(pod + "-uid", null, replica, controller));
  }

  @Test
  void whatRunsOneAfterTheOtherAreJobsOfTheirOwn() {
    made("v1", "Pod", "a", owner("batch/v1", "Job", "nightly-1"));
    made("batch/v1", "Job", "nightly-1", owner("batch/v1", "CronJob", "nightly"));

    assertThat(group("team", "a", "a-uid"))
        .contains(new GroupKey("team", "uid/nightly-1-uid", "Job nightly-1"));
  }

  @Test
  void whatCannotBeReadOrIsNotKnownIsTheGroup() {
    made("v1", "Pod", "a", owner("batch/v1", "Job", "unread"));
    made("v1", "Pod", "b", owner("batch.volcano.sh/v1alpha1", "Job", "volcano"));
    made("v1", "Pod", "c", new Owner("batch/v1", "Job", "again", "old-uid"));
    made("batch/v1", "Job", "again", owner("jobset.x-k8s.io/v1alpha2", "JobSet", "train"));

    assertThat(group("team", "a", "a-uid"))
        .contains(new GroupKey("team", "uid/unread-uid", "Job unread"));
    assertThat(group("team", "b", "b-uid"))
        .contains(new GroupKey("team", "uid/volcano-uid", "Job volcano"));
    assertThat(group("team", "c", "c-uid"))
        .as("another Job of the name")
        .contains(new GroupKey("team", "uid/old-uid", "Job again"));
    assertThat(reads).noneMatch(read -> read.contains("volcano"));
  }

  /** Such as an operator that runs before its new role is there. */
  @Test
  void whatMayNotBeReadIsAskedForAgainAfterAMinute() {
    made("v1", "Pod", "a", owner("batch/v1", "Job", "workers-0"));
    made("batch/v1", "Job", "workers-0", owner("jobset.x-k8s.io/v1alpha2", "JobSet", "train"));
    forbidden.add("team batch/v1/Job workers-0");

    OwnerChain.Job job = chain.jobOf("team", "a", "a-uid");
    assertThat(job.group()).contains(new GroupKey("team", "uid/workers-0-uid", "Job workers-0"));
    assertThat(job.until()).contains(clock.instant().plus(Duration.ofMinutes(1)));

    forbidden.clear();
    clock.advance(Duration.ofSeconds(59));
    assertThat(chain.jobOf("team", "a", "a-uid")).as("other pods do not ask").isEqualTo(job);

    clock.advance(Duration.ofSeconds(1));
    assertThat(chain.jobOf("team", "a", "a-uid"))
        .isEqualTo(
            new OwnerChain.Job(
                Optional.of(new GroupKey("team", "uid/train-uid", "JobSet train")),
                Optional.empty()));
  }

  @Test
  void aPodThatMayNotBeReadIsAskedForAgain() {
    made("v1", "Pod", "a", owner("batch/v1", "Job", "train"));
    forbidden.add("team v1/Pod a");
    assertThat(chain.jobOf("team", "a", "a-uid"))
        .isEqualTo(
            new OwnerChain.Job(
                Optional.empty(), Optional.of(clock.instant().plus(Duration.ofMinutes(1)))));

    forbidden.clear();
    assertThat(group("team", "a", "a-uid")).isPresent();
  }

  private static Owner owner(String apiVersion, String kind, String name) {
    return new Owner(
        apiVersion, kind, name, name + (apiVersion.equals("apps/v1") ? "-set-uid" : "-uid"));
  }

  private void made(String apiVersion, String kind, String name, @Nullable Owner controller) {
    objects.put(
        "team " + apiVersion + "/" + kind + " " + name,
        new Owned(owner(apiVersion, kind, name).uid(), null, null, controller));
  }
}
