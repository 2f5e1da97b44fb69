package io.rdmagid.e2e.cluster;

import static io.rdmagid.e2e.cluster.OperatorCluster.AS_AGENT;
import static io.rdmagid.e2e.cluster.OperatorCluster.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.StatusCause;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.rdmagid.api.naming.PodMetadata;
import io.rdmagid.api.v1alpha1.AssignmentMapping;
import io.rdmagid.api.v1alpha1.RdmaGidAssignment;
import io.rdmagid.assignment.AssignedPort;
import io.rdmagid.assignment.Assignment;
import io.rdmagid.assignment.AssignmentState;
import io.rdmagid.assignment.ContainerVariables;
import io.rdmagid.assignment.GidChoice;
import io.rdmagid.e2e.testbed.AuditEvent;
import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidScope;
import io.rdmagid.gid.GidType;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What pods show of their assignments, against a real API server. */
class OperatorPodsTest extends OnOperatorCluster {
  private static final String NAMESPACE = "default";

  @BeforeAll
  static void start() {
    cluster = OperatorCluster.start(folder);
    cluster.awaitPodsTaken(NAMESPACE);
  }

  @Test
  void aPodShowsWhatItHoldsAndWhatMoves() {
    String uid = createPod("shown");
    try (OperatorProcess _ = cluster.operator()) {
      assign("shown", uid, 1, AssignmentState.PENDING, 0);
      eventually(() -> assertCondition("shown", "False", "Pending"));

      assign("shown", uid, 2, AssignmentState.CURRENT, 3);
      eventually(() -> assertCondition("shown", "True", "Assigned"));
      assertThat(annotation("shown")).contains("\"device\":\"mlx5_0\",\"port\":1,\"index\":3,");
      assertThat(notes("shown", "Assigned"))
          .containsExactly("container train: mlx5_0/1 index 3 (RoCEv2 10.0.0.1 on net1)");

      assign("shown", uid, 3, AssignmentState.CURRENT, 5);
      eventually(() -> assertThat(annotation("shown")).contains("\"index\":5,"));
      assertThat(notes("shown", "IndexMoved"))
          .containsExactly(
              "container train: mlx5_0/1 index 5 (RoCEv2 10.0.0.1 on net1), was index 3 (RoCEv2"
                  + " 10.0.0.1 on net1)");

      assign("shown", uid, 4, AssignmentState.STALE, 5);
      eventually(() -> assertCondition("shown", "False", "Stale"));
      assign("shown", uid, 5, AssignmentState.CURRENT, 5);
      eventually(() -> assertCondition("shown", "True", "Assigned"));
      assertThat(events("shown"))
          .extracting(Event::getReason)
          .containsExactlyInAnyOrder("Assigned", "IndexMoved", "Lost", "Recovered");
      assertThat(pod("shown").getMetadata().getAnnotations()).containsEntry("theirs", "kept");
      assertThat(pod("shown").getStatus().getConditions())
          .as("others' conditions stand beside")
          .extracting(PodCondition::getType)
          .contains(PodMetadata.GID_ASSIGNED_CONDITION);
    }
  }

  @Test
  void whatHappensWhileNoOperatorRunsIsToldOnceAfterwards() {
    String uid = createPod("away");
    String marker = createPod("away-marker");
    try (OperatorProcess operator = cluster.operator()) {
      assign("away", uid, 1, AssignmentState.CURRENT, 3);
      eventually(() -> assertCondition("away", "True", "Assigned"));
      operator.kill();
    }
    assign("away", uid, 2, AssignmentState.CURRENT, 7);
    try (OperatorProcess operator = cluster.operator()) {
      eventually(() ->
          assertThat(notes("away", "IndexMoved"))
              .singleElement()
              .asString()
              .contains("index 7 ", "was index 3 "));
      eventually(() -> assertThat(annotation("away")).contains("\"index\":7,"));
      operator.kill();
    }
    Instant restart = Instant.now();
    try (OperatorProcess _ = cluster.operator()) {
      assign("away-marker", marker, 1, AssignmentState.CURRENT, 3);
      eventually(() -> assertCondition("away-marker", "True", "Assigned"));
      eventually(() -> assertThat(writes(restart)).contains("away-marker").doesNotContain("away"));
      assertThat(events("away")).hasSize(2);
    }
  }

  @Test
  void anotherPodOfTheSameNameIsNotTouched() {
    String uid = createPod("again");
    String marker = createPod("again-marker");
    Instant start = Instant.now();
    try (OperatorProcess _ = cluster.operator()) {
      assign("again", "00000000-0000-0000-0000-000000000000", 1, AssignmentState.CURRENT, 3);
      assign("absent", "00000000-0000-0000-0000-000000000000", 1, AssignmentState.CURRENT, 3);
      assign("again-marker", marker, 1, AssignmentState.CURRENT, 3);
      eventually(() -> assertCondition("again-marker", "True", "Assigned"));
      eventually(() ->
          assertThat(writes(start)).contains("again-marker").doesNotContain("again", "absent"));
      assertThat(annotation("again")).isEmpty();

      assign("again", uid, 1, AssignmentState.CURRENT, 3);
      eventually(() -> assertCondition("again", "True", "Assigned"));
    }
  }

  @Test
  void anAssignmentFromTheFutureIsNotShownAndStopsNothing() {
    String uid = createPod("future");
    String marker = createPod("future-marker");
    try (OperatorProcess operator = cluster.operator()) {
      assign("future", uid, 1, AssignmentState.CURRENT, 3);
      eventually(() -> assertCondition("future", "True", "Assigned"));
      String _ =
          cluster
              .controlPlane()
              .kubectl()
              .kubectl(
                  "patch",
                  "rdmagidassignment",
                  "future",
                  "--subresource=status",
                  "--type=merge",
                  "-p",
                  "{\"status\":{\"ports\":[{\"container\":\"train\",\"state\":\"entangled\"}]}}");
      eventually(() -> assertCondition("future", "Unknown", "NotUnderstood"));
      assertThat(annotation("future")).isEmpty();
      assign("future-marker", marker, 1, AssignmentState.CURRENT, 3);
      eventually(() -> assertCondition("future-marker", "True", "Assigned"));
      assertThat(operator.isReady()).isTrue();
    }
  }

  @Test
  void aReportThatItsRdmaGidContradictsIsShownOnceThatHasStood() {
    String uid = createPod("checked");
    cluster.port("checked-a", "mlx5_0", "fe80::1", "::ffff:10.0.0.1");
    String _ =
        cluster
            .controlPlane()
            .kubectl()
            .apply(
                """
                apiVersion: rdmagid.io/v1alpha1
                kind: RdmaGidPool
                metadata: {name: rails}
                spec: {ports: [{names: [mlx5_0]}], gid: {scope: Host}}
                """);
    try (OperatorProcess operator = cluster.operator()) {
      assignOfHost("checked", uid, 1, 1);
      eventually(() -> assertCondition("checked", "True", "Assigned"));

      cluster.port("checked-a", "mlx5_0", "::ffff:10.0.0.1");
      eventually(() -> assertCondition("checked", "False", "Disagrees"));
      assertThat(operator.metrics()).containsPattern("rdmagid_assignments_disagreeing 1(\\.0)?\\R");
      operator.kill();
    }
    Instant restart = Instant.now();
    String marker = createPod("checked-marker");
    try (OperatorProcess operator = cluster.operator()) {
      assign("checked-marker", marker, 1, AssignmentState.CURRENT, 3);
      eventually(() -> assertCondition("checked-marker", "True", "Assigned"));
      eventually(() ->
          assertThat(operator.metrics())
              .containsPattern("rdmagid_assignments_disagreeing 1(\\.0)?\\R"));
      assertThat(writes(restart))
          .as("it does not take back what it cannot know")
          .doesNotContain("checked");

      assignOfHost("checked", uid, 2, 0);
      eventually(() -> assertCondition("checked", "True", "Assigned"));
      assertThat(operator.metrics()).containsPattern("rdmagid_assignments_disagreeing 0(\\.0)?\\R");
    }
  }

  /** What the operator relies on: the uid in an apply names the pod that is meant. */
  @Test
  void anApplyWithTheUidOfAnotherPodIsRefusedFact() {
    String uid = createPod("fact");
    KubernetesClient admin = cluster.client();
    Pod wrong = apply("fact", "00000000-0000-0000-0000-000000000000");

    KubernetesClientException anotherPod =
        catchThrowableOfType(
            KubernetesClientException.class, () -> admin.resource(wrong).patch(AS_AGENT));
    KubernetesClientException noPod =
        catchThrowableOfType(
            KubernetesClientException.class,
            () -> admin.resource(apply("fact-absent", uid)).patch(AS_AGENT));

    assertThat(anotherPod.getCode()).isEqualTo(422);
    assertThat(anotherPod.getStatus().getDetails().getCauses())
        .extracting(StatusCause::getField)
        .contains("metadata.uid");
    assertThat(noPod.getCode()).isEqualTo(409);
    assertThat(pod("fact").getMetadata().getAnnotations()).doesNotContainKey("applied");
    assertThat(pod("fact-absent")).isNull();
  }

  private static Pod apply(String name, String uid) {
    return new PodBuilder()
        .withNewMetadata()
        .withNamespace(NAMESPACE)
        .withName(name)
        .withUid(uid)
        .addToAnnotations("applied", "yes")
        .endMetadata()
        .build();
  }

  /** A pod that nobody schedules. */
  private static String createPod(String name) {
    Pod pod =
        new PodBuilder()
            .withNewMetadata()
            .withNamespace(NAMESPACE)
            .withName(name)
            .addToAnnotations("theirs", "kept")
            .endMetadata()
            .withNewSpec()
            .withSchedulerName("nobody")
            .addNewContainer()
            .withName("train")
            .withImage("train")
            .endContainer()
            .endSpec()
            .build();
    return cluster.client().resource(pod).create().getMetadata().getUid();
  }

  /** Writes the assignment as the agent would. */
  private static void assign(
      String pod, String uid, long generation, AssignmentState state, int index) {
    assign(pod, uid, "nowhere", GidScope.POD, generation, state, index);
  }

  /** The same of the port {@code POD-a/mlx5_0/1} and the host's entries. */
  private static void assignOfHost(String pod, String uid, long generation, int index) {
    assign(pod, uid, pod + "-a", GidScope.HOST, generation, AssignmentState.CURRENT, index);
  }

  private static void assign(
      String pod,
      String uid,
      String node,
      GidScope scope,
      long generation,
      AssignmentState state,
      int index) {
    AssignedPort port =
        new AssignedPort(
            "train",
            "rails",
            "mlx5_0",
            1,
            state,
            state.hasChoice()
                ? Optional.of(
                    new GidChoice(index, Gid.parse("::ffff:10.0.0.1"), GidType.ROCE_V2, "net1"))
                : Optional.empty(),
            scope,
            generation,
            1,
            1,
            ContainerVariables.NONE,
            List.of());
    RdmaGidAssignment object =
        AssignmentMapping.object(new Assignment(NAMESPACE, pod, uid, node, List.of(port)));
    // The owner may be gone, and the garbage collector would take the assignment with it.
    object.getMetadata().setOwnerReferences(List.of());
    var status = object.getStatus();
    object.setStatus(null);
    cluster.client().resource(object).patch(AS_AGENT);
    object.setSpec(null);
    object.setStatus(status);
    cluster.client().resource(object).subresource("status").patch(AS_AGENT);
  }

  private static Pod pod(String name) {
    return cluster.client().pods().inNamespace(NAMESPACE).withName(name).get();
  }

  private static String annotation(String pod) {
    return pod(pod)
        .getMetadata()
        .getAnnotations()
        .getOrDefault(PodMetadata.ASSIGNMENT_ANNOTATION, "");
  }

  private static void assertCondition(String pod, String status, String reason) {
    assertThat(pod(pod).getStatus().getConditions())
        .filteredOn(condition -> condition.getType().equals(PodMetadata.GID_ASSIGNED_CONDITION))
        .singleElement()
        .satisfies(condition -> {
          assertThat(condition.getStatus()).isEqualTo(status);
          assertThat(condition.getReason()).isEqualTo(reason);
          assertThat(condition.getLastTransitionTime()).isNotEmpty();
        });
  }

  private static List<Event> events(String pod) {
    return cluster.client().events().v1().events().inNamespace(NAMESPACE).list().getItems().stream()
        .filter(event -> event.getRegarding().getName().equals(pod))
        .toList();
  }

  private static List<String> notes(String pod, String reason) {
    return events(pod).stream()
        .filter(event -> event.getReason().equals(reason))
        .map(Event::getNote)
        .toList();
  }

  /** The names of the objects that the operator wrote since then. */
  private static List<String> writes(Instant since) {
    return cluster.controlPlane().writesBy(OperatorCluster.ACCOUNT, since).stream()
        .map(AuditEvent::name)
        .toList();
  }
}
