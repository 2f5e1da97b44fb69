package io.rdmagid.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.rdmagid.api.v1alpha1.AssignmentMapping;
import io.rdmagid.api.v1alpha1.RdmaGidAssignment;
import io.rdmagid.assignment.AssignedPort;
import io.rdmagid.assignment.Assignment;
import io.rdmagid.assignment.AssignmentState;
import io.rdmagid.assignment.ContainerVariables;
import io.rdmagid.assignment.GidChoice;
import io.rdmagid.e2e.testbed.Checkout;
import io.rdmagid.e2e.testbed.Command;
import io.rdmagid.e2e.testbed.ControlPlane;
import io.rdmagid.e2e.testbed.Kubectl;
import io.rdmagid.e2e.testbed.Output;
import io.rdmagid.e2e.testbed.User;
import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidScope;
import io.rdmagid.gid.GidType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The plugin as kubectl starts it, against a real API server, by somebody who has the role that
 * docs/kubectl.md names and no other.
 */
class KubectlTest extends OnOperatorCluster {
  private static final Pattern ROLE =
      Pattern.compile("```yaml\n(.*?kind: ClusterRole\n.*?)```", Pattern.DOTALL);

  private static final String UID = "00000000-0000-0000-0000-000000000000";

  @BeforeAll
  static void start() throws IOException {
    cluster =
        OperatorCluster.start(
            folder,
            new User("viewer", "viewer", List.of()),
            new User("stranger", "stranger", List.of()));
    Matcher role = ROLE.matcher(Files.readString(Checkout.root().resolve("docs/kubectl.md")));
    assertThat(role.find()).isTrue();
    Kubectl admin = cluster.controlPlane().kubectl();
    String _ = admin.apply(role.group(1));
    String _ =
        admin.kubectl(
            "create",
            "clusterrolebinding",
            "viewer",
            "--clusterrole=rdmagid-view",
            "--user=viewer");
    script();
    cluster.port("node-a", "mlx5_0", "::ffff:10.0.0.1");
    cluster.port("node-b", "mlx5_0", "::ffff:10.0.0.2");
    assign("worker", "node-a", AssignmentState.CURRENT);
    assign("waiting", "node-b", AssignmentState.PENDING);
    tell("worker");
    // With the same uid: by its name it is another pod's.
    tell("waiting");
  }

  @Test
  void podsAndAddressesAreShown() {
    Output pods = plugin("viewer", "pods", "-n", "default");
    Output found = plugin("viewer", "find", "--ip", "10.0.0.1", "-o", "jsonl");

    assertThat(pods.exit()).as(pods.err()).isZero();
    assertThat(pods.out()).contains("worker", "10.0.0.1", "waiting", "no index was chosen yet");
    assertThat(found.out().lines())
        .as(found.err())
        .hasSize(2)
        .anyMatch(line -> line.contains("\"whose\":\"host\"") && line.contains("node-a"))
        .anyMatch(line -> line.contains("\"whose\":\"pod\"") && line.contains("worker"));
  }

  @Test
  void whatIsWrongIsOneAndWhyIsExplained() {
    Output check = plugin("viewer", "check", "-A", "-o", "jsonl");
    Output explain = plugin("viewer", "explain", "pod/worker", "-n", "default");
    Output top = plugin("viewer", "top");

    assertThat(check.exit()).as(check.err()).isEqualTo(1);
    assertThat(check.out().lines())
        .singleElement()
        .asString()
        .contains("\"kind\":\"NotCurrent\"", "\"pod\":\"waiting\"");
    assertThat(explain.exit()).as(explain.err()).isZero();
    assertThat(explain.out())
        .contains("index 0, RoCEv2 10.0.0.1", "nccl", "Assigned", "that of worker")
        .doesNotContain("that of waiting");
    assertThat(top.exit()).as(top.err()).isZero();
    assertThat(top.out()).startsWith("nodes 2, ports 2 (2 active)");
  }

  @Test
  void whoMayNotIsToldSo() {
    Output refused = plugin("stranger", "check", "-A");

    assertThat(refused.exit()).isEqualTo(3);
    assertThat(refused.err()).contains("you may not read that: ", "docs/kubectl.md");
  }

  /** Puts the plugin where kubectl looks for it, run by this JVM's class path. */
  private static void script() throws IOException {
    Path script = Files.createDirectory(folder.resolve("bin")).resolve("kubectl-rdmagid");
    Files.writeString(
        script,
        """
        #!/bin/sh
        exec '%s' -cp '%s' io.rdmagid.kubectl.KubectlRdmagidMain "$@"
        """
            .formatted(
                Path.of(System.getProperty("java.home"), "bin/java"),
                System.getProperty("java.class.path")));
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static Output plugin(String user, String... words) {
    ControlPlane controlPlane = cluster.controlPlane();
    List<String> command =
        new ArrayList<>(List.of(controlPlane.kubectl().program().toString(), "rdmagid"));
    command.addAll(List.of(words));
    return Command.of(command)
        .with(
            Map.of(
                "KUBECONFIG",
                controlPlane.kubeconfig(user).toString(),
                "PATH",
                folder.resolve("bin") + ":" + System.getenv("PATH")))
        .run();
  }

  /** Tells of the pod as the operator would. */
  private static void tell(String pod) {
    Event event =
        new EventBuilder()
            .withNewMetadata()
            .withNamespace("default")
            .withName(pod + ".1")
            .endMetadata()
            .withEventTime(new MicroTime("2026-03-01T09:00:02.000000Z"))
            .withReason("Assigned")
            .withType("Normal")
            .withAction("Copy")
            .withReportingController("rdmagid.io/operator")
            .withReportingInstance("operator-0")
            .withNote("that of " + pod)
            .withNewRegarding()
            .withApiVersion("v1")
            .withKind("Pod")
            .withNamespace("default")
            .withName(pod)
            .withUid(UID)
            .endRegarding()
            .build();
    Event _ = cluster.client().resource(event).create();
  }

  /** Writes the assignment as the agent would, of a port that the host's tables have. */
  private static void assign(String pod, String node, AssignmentState state) {
    AssignedPort port =
        new AssignedPort(
            "train",
            "rails",
            "mlx5_0",
            1,
            state,
            state.hasChoice()
                ? Optional.of(
                    new GidChoice(0, Gid.parse("::ffff:10.0.0.1"), GidType.ROCE_V2, "ens0"))
                : Optional.empty(),
            GidScope.HOST,
            1,
            1,
            1,
            ContainerVariables.NONE,
            List.of());
    RdmaGidAssignment object =
        AssignmentMapping.object(new Assignment("default", pod, UID, node, List.of(port)));
    object.setMetadata(new ObjectMetaBuilder().withNamespace("default").withName(pod).build());
    var status = object.getStatus();
    object.setStatus(null);
    cluster.client().resource(object).patch(OperatorCluster.AS_AGENT);
    object.setSpec(null);
    object.setStatus(status);
    cluster.client().resource(object).subresource("status").patch(OperatorCluster.AS_AGENT);
  }
}
