package io.rdmagid.operator.eviction;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.operator.TestClock;
import io.rdmagid.operator.eviction.PodGroups.PodGroup;
import io.rdmagid.operator.failover.PodRef;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobGroupsTest {
  private static final String PODS = "/api/v1/namespaces/team/pods";

  private final FakeServer server = new FakeServer();
  private final JobGroups groups = new JobGroups(server.client(), new TestClock());
  private final List<String> pods = new ArrayList<>();

  @AfterEach
  void stop() {
    server.close();
  }

  /** A pod whose uid is {@code uid-} and its name. */
  private void pod(String name, String metadata, String phase) {
    String pod =
        """
        {"kind":"Pod","apiVersion":"v1","metadata":{"namespace":"team","name":"%1$s","uid":"uid-%1$s"%2$s},
         "status":{"phase":"%3$s"}}
        """
            .formatted(name, metadata, phase);
    pods.add(pod);
    server.answer("GET", PODS + "/" + name, 200, pod);
  }

  private static String madeBy(String apiVersion, String kind, String name) {
    return madeBy(apiVersion, kind, name, "uid-" + name);
  }

  private static String madeBy(String apiVersion, String kind, String name, String uid) {
    return """
    ,"ownerReferences":[{"apiVersion":"%s","kind":"%s","name":"%s","uid":"%s","controller":true}]
    """
        .formatted(apiVersion, kind, name, uid);
  }

  private void statefulSet(String name, String metadata) {
    server.answer(
        "GET",
        "/apis/apps/v1/namespaces/team/statefulsets/" + name,
        200,
        """
        {"kind":"StatefulSet","apiVersion":"apps/v1","metadata":{"namespace":"team","name":"%1$s","uid":"uid-set-%1$s"%2$s}}
        """
            .formatted(name, metadata));
  }

  private static String inStatefulSet(String name) {
    return madeBy("apps/v1", "StatefulSet", name, "uid-set-" + name);
  }

  private void job(String name, String metadata) {
    server.answer(
        "GET",
        "/apis/batch/v1/namespaces/team/jobs/" + name,
        200,
        """
        {"kind":"Job","apiVersion":"batch/v1","metadata":{"namespace":"team","name":"%1$s","uid":"uid-%1$s"%2$s}}
        """
            .formatted(name, metadata));
  }

  /** The list of pods in two pages. */
  private void listed() {
    int half = pods.size() / 2;
    page("?limit=500", pods.subList(0, half), ",\"continue\":\"more\"");
    page("?continue=more&limit=500", pods.subList(half, pods.size()), "");
  }

  private void page(String query, List<String> items, String metadata) {
    server.answer(
        "GET",
        PODS + query,
        200,
        """
        {"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"1"%s},"items":[%s]}
        """
            .formatted(metadata, items.stream().collect(Collectors.joining(","))));
  }

  private static PodRef ref(String name) {
    return new PodRef("team", name, "uid-" + name);
  }

  @Test
  void thePodsOfAJobWithoutALabelAreAGroup() {
    job("train", "");
    pod("train-0", madeBy("batch/v1", "Job", "train"), "Running");
    pod("train-1", madeBy("batch/v1", "Job", "train"), "Pending");
    pod("train-2", madeBy("batch/v1", "Job", "train"), "Succeeded");
    pod("other-0", madeBy("batch/v1", "Job", "other"), "Running");
    pod("alone", "", "Running");
    listed();

    assertThat(groups.of(ref("train-1")))
        .contains(new PodGroup("team/uid/uid-train", List.of(ref("train-1"), ref("train-0"))));
  }

  @Test
  void theJobsOfAJobSetAreOneGroup() {
    job("set-a", madeBy("jobset.x-k8s.io/v1alpha2", "JobSet", "set"));
    job("set-b", madeBy("jobset.x-k8s.io/v1alpha2", "JobSet", "set"));
    pod("set-a-0", madeBy("batch/v1", "Job", "set-a"), "Running");
    pod("set-b-0", madeBy("batch/v1", "Job", "set-b"), "Running");
    listed();

    assertThat(groups.of(ref("set-a-0")))
        .contains(new PodGroup("team/uid/uid-set", List.of(ref("set-a-0"), ref("set-b-0"))));
  }

  /** Their objects need not be known to the server: it is not asked for them. */
  @ParameterizedTest
  @CsvSource({
    "jobset.x-k8s.io/v1alpha2, JobSet",
    "leaderworkerset.x-k8s.io/v1, LeaderWorkerSet",
    "kubeflow.org/v2beta1, MPIJob",
    "kubeflow.org/v1, PyTorchJob",
    "ray.io/v1, RayCluster"
  })
  void whatComesFromAKindOfOthersIsOneGroup(String apiVersion, String kind) {
    job("helper", madeBy(apiVersion, kind, "train"));
    pod("worker-0", madeBy(apiVersion, kind, "train"), "Running");
    pod("worker-1", madeBy(apiVersion, kind, "train"), "Running");
    pod("helper-0", madeBy("batch/v1", "Job", "helper"), "Running");
    pod("other-0", madeBy(apiVersion, kind, "other"), "Running");
    listed();

    assertThat(groups.of(ref("worker-0")))
        .contains(
            new PodGroup(
                "team/uid/uid-train", List.of(ref("worker-0"), ref("worker-1"), ref("helper-0"))));
    assertThat(server.requests())
        .extracting(FakeServer.Request::path)
        .containsExactly(
            PODS + "/worker-0",
            PODS + "?limit=500",
            PODS + "?continue=more&limit=500",
            "/apis/batch/v1/namespaces/team/jobs/helper");
  }

  /** A service has many: one that has lost an address is no reason to end all. */
  @Test
  void theReplicasOfALeaderWorkerSetAreGroupsOfTheirOwn() {
    statefulSet("lws", madeBy("leaderworkerset.x-k8s.io/v1", "LeaderWorkerSet", "set"));
    for (String replica : List.of("0", "1")) {
      String label =
          ",\"labels\":{\"leaderworkerset.sigs.k8s.io/group-index\":\"%s\"}".formatted(replica);
      String leader = "lws-" + replica;
      pod(leader, label + inStatefulSet("lws"), "Running");
      // That of the workers has the name of their leader, and is made by it.
      statefulSet(leader, madeBy("v1", "Pod", leader));
      pod(leader + "-1", label + inStatefulSet(leader), "Running");
    }
    listed();

    assertThat(groups.of(ref("lws-1-1")))
        .contains(new PodGroup("team/uid/uid-set/1", List.of(ref("lws-1-1"), ref("lws-1"))));
  }

  @Test
  void theLabelNamesTheGroup() {
    pod("a", ",\"labels\":{\"rdmagid.io/group\":\"x\"}", "Running");
    pod("b", ",\"labels\":{\"rdmagid.io/group\":\"x\"}", "Running");
    pod("c", ",\"labels\":{\"rdmagid.io/group\":\"\"}", "Running");
    pod("d", ",\"labels\":{\"rdmagid.io/group\":\"\"}", "Running");
    listed();

    assertThat(groups.of(ref("a")))
        .contains(new PodGroup("team/label/x", List.of(ref("a"), ref("b"))));
    assertThat(groups.of(ref("c")))
        .as("an empty label names none")
        .contains(new PodGroup("uid-c", List.of(ref("c"))));
  }

  /** One broken pod is no reason to evict all replicas of a service. */
  @Test
  void podsThatAreOfNoJobAreEvictedAlone() {
    pod("web-1", madeBy("apps/v1", "ReplicaSet", "web"), "Running");
    pod("web-2", madeBy("apps/v1", "ReplicaSet", "web"), "Running");
    listed();

    assertThat(groups.of(ref("web-1"))).contains(new PodGroup("uid-web-1", List.of(ref("web-1"))));
    assertThat(groups.of(new PodRef("team", "web-1", "uid-before"))).isEmpty();
    assertThat(groups.of(ref("gone"))).isEmpty();
  }
}
