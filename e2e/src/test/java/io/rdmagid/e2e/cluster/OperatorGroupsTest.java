package io.rdmagid.e2e.cluster;

import static io.rdmagid.e2e.cluster.OperatorCluster.AS_AGENT;
import static io.rdmagid.e2e.cluster.OperatorCluster.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.rdmagid.api.naming.PodMetadata;
import io.rdmagid.api.v1alpha1.AssignmentMapping;
import io.rdmagid.api.v1alpha1.RdmaGidAssignment;
import io.rdmagid.api.v1alpha1.RdmaGidAssignmentStatus;
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
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Whether the pods of a job fit together, with a real API server and the access of the chart. */
class OperatorGroupsTest extends OnOperatorCluster {
  private static final String NAMESPACE = "default";

  @BeforeAll
  static void start() {
    cluster = OperatorCluster.start(folder);
    cluster.awaitPodsTaken(NAMESPACE);
  }

  @Test
  void theOddPodOfALabelIsNamedOnceAndWhenItFitsAgain() {
    for (String pod : List.of("mtu-0", "mtu-1", "mtu-2")) {
      cluster.port(pod, "mlx5_0", pod.equals("mtu-2") ? 1024 : 4096, "fe80::1");
      assign(pod, createPod(pod, "mtu", null), "10.0.0." + pod.charAt(4));
    }
    String message = "pool rails: the MTU is 4096, but 1024 at mtu-2 mlx5_0/1";
    try (OperatorProcess operator = cluster.operator()) {
      for (String pod : List.of("mtu-0", "mtu-1", "mtu-2")) {
        eventually(() -> assertCondition(pod, "False", "MtusDiffer", message));
      }
      assertThat(notes("mtu-2")).containsExactly("group mtu: " + message);
      assertThat(notes("mtu-0")).isEmpty();
      assertThat(notes("mtu-1")).isEmpty();
      operator.kill();
    }
    Instant restart = Instant.now();
    try (OperatorProcess _ = cluster.operator()) {
      assign("marker", createPod("marker", "marker", null), "10.0.9.1");
      eventually(() -> assertCondition("marker", "True", "Consistent", ""));
      assertThat(
              cluster.controlPlane().writesBy(OperatorCluster.ACCOUNT, restart).stream()
                  .map(AuditEvent::name))
          .as("nothing is told again")
          .doesNotContain("mtu-0", "mtu-1", "mtu-2");
      assertThat(notes("mtu-2")).hasSize(1);

      cluster.port("mtu-2", "mlx5_0", 4096, "fe80::1");
      for (String pod : List.of("mtu-0", "mtu-1", "mtu-2")) {
        eventually(() -> assertCondition(pod, "True", "Consistent", ""));
      }
      assertThat(notes("mtu-0")).singleElement().asString().startsWith("group mtu: type, family");
    }
  }

  @Test
  void anAddressThatTwoPodsOfAJobHaveIsNamed() {
    // Nobody runs it, so that its pods stay.
    Job job =
        cluster
            .client()
            .resource(
                new JobBuilder()
                    .withNewMetadata()
                    .withNamespace(NAMESPACE)
                    .withName("twice")
                    .endMetadata()
                    .withNewSpec()
                    .withManagedBy("rdmagid.io/test")
                    .withNewTemplate()
                    .withNewSpec()
                    .withRestartPolicy("Never")
                    .addNewContainer()
                    .withName("train")
                    .withImage("train")
                    .endContainer()
                    .endSpec()
                    .endTemplate()
                    .endSpec()
                    .build())
            .create();
    OwnerReference owner =
        new OwnerReferenceBuilder()
            .withApiVersion("batch/v1")
            .withKind("Job")
            .withName("twice")
            .withUid(job.getMetadata().getUid())
            .withController(true)
            .build();
    assign("twice-0", createPod("twice-0", null, owner), "10.1.0.1");
    assign("twice-1", createPod("twice-1", null, owner), "10.1.0.1");
    assign("alone", createPod("alone", null, null), "10.1.0.1");
    String message =
        "pool rails: the same address twice: 10.1.0.1 at twice-0 mlx5_0/1, twice-1 mlx5_0/1";
    try (OperatorProcess _ = cluster.operator()) {
      eventually(() -> assertCondition("twice-0", "False", "DuplicateAddress", message));
      eventually(() -> assertCondition("twice-1", "False", "DuplicateAddress", message));
      assertThat(notes("twice-0")).containsExactly("Job twice: " + message);
      assertThat(assignment("alone").getStatus().conditions()).as("it is of no job").isEmpty();
      assertThat(assignment("twice-0").getStatus().ports()).as("the agent's").hasSize(1);

      String _ = cluster.controlPlane().kubectl().kubectl("delete", "rdmagidassignment", "twice-1");
      eventually(() -> assertCondition("twice-0", "True", "Consistent", ""));
    }
  }

  /**
   * A pod that nobody schedules.
   *
   * @param group its label; null for none
   * @param owner who made it; null for nobody
   */
  private static String createPod(String name, String group, OwnerReference owner) {
    Pod pod =
        new PodBuilder()
            .withNewMetadata()
            .withNamespace(NAMESPACE)
            .withName(name)
            .addToLabels(group == null ? Map.of() : Map.of(PodMetadata.GROUP_LABEL, group))
            .withOwnerReferences(owner == null ? List.of() : List.of(owner))
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

  /** Writes the assignment as the agent of a node of the pod's name would. */
  private static void assign(String pod, String uid, String address) {
    AssignedPort port =
        new AssignedPort(
            "train",
            "rails",
            "mlx5_0",
            1,
            AssignmentState.CURRENT,
            Optional.of(new GidChoice(3, Gid.parse("::ffff:" + address), GidType.ROCE_V2, "net1")),
            GidScope.POD,
            1,
            1,
            1,
            ContainerVariables.NONE,
            List.of());
    RdmaGidAssignment object =
        AssignmentMapping.object(new Assignment(NAMESPACE, pod, uid, pod, List.of(port)));
    var status = object.getStatus();
    object.setStatus(null);
    cluster.client().resource(object).patch(AS_AGENT);
    object.setSpec(null);
    object.setStatus(status);
    cluster.client().resource(object).subresource("status").patch(AS_AGENT);
  }

  private static RdmaGidAssignment assignment(String name) {
    return cluster
        .client()
        .resources(RdmaGidAssignment.class)
        .inNamespace(NAMESPACE)
        .withName(name)
        .get();
  }

  private static void assertCondition(String name, String status, String reason, String message) {
    assertThat(assignment(name).getStatus().conditions())
        .filteredOn(
            condition -> condition.getType().equals(RdmaGidAssignmentStatus.GROUP_CONSISTENT))
        .singleElement()
        .satisfies(condition -> {
          assertThat(condition.getStatus()).isEqualTo(status);
          assertThat(condition.getReason()).isEqualTo(reason);
          assertThat(condition.getMessage()).contains(message);
        });
  }

  /** What is told of the pod's job, on the pod. */
  private static List<String> notes(String pod) {
    return cluster.client().events().v1().events().inNamespace(NAMESPACE).list().getItems().stream()
        .filter(event -> event.getRegarding().getName().equals(pod))
        .filter(event -> event.getReason().startsWith("Group"))
        .map(Event::getNote)
        .toList();
  }
}
