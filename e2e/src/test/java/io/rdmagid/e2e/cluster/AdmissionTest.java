package io.rdmagid.e2e.cluster;

import static io.rdmagid.e2e.cluster.OperatorCluster.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodReadinessGate;
import io.fabric8.kubernetes.api.model.Secret;
import io.rdmagid.e2e.testbed.ControlPlane;
import io.rdmagid.e2e.testbed.Kubectl;
import io.rdmagid.e2e.testbed.Output;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The operator's webhook, called by a real API server as the chart says: by its Service, with its
 * certificate. That the Service leads to a process of this machine is the test's.
 */
class AdmissionTest extends OnOperatorCluster {
  private static final String WEBHOOK = "rdmagid-webhook";
  private static final int CALL_MILLIS = 1000;

  private static Kubectl admin;
  private static Path certificate;
  private static int port;

  /**
   * What makes pods.
   *
   * @param spec what stands between its braces in YAML
   * @param change of the spec, as fields in JSON
   */
  private record Maker(String group, String kind, String spec, String change) {
    String yaml() {
      return """
      apiVersion: %s/v1
      kind: %s
      metadata: {name: warned, namespace: default}
      spec: {%s}
      """
          .formatted(group, kind, spec);
    }
  }

  @BeforeAll
  static void start() throws IOException {
    cluster = OperatorCluster.start(folder);
    admin = cluster.controlPlane().kubectl();
    cluster.awaitPodsTaken("default");
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    String _ = admin.apply(OperatorCluster.ofTheChart("policies.yaml"));
    // Once: the chart makes another certificate each time.
    String _ = admin.apply(OperatorCluster.ofTheChart("webhook.yaml"));
    mountCertificate();
    leadServiceHere();
    cluster.port("index-a", "mlx5_0", "::ffff:10.0.0.1");
    cluster.port("index-b", "mlx5_0", "fe80::1", "::ffff:10.0.0.2");
    String _ =
        admin.apply(
            """
            apiVersion: rdmagid.io/v1alpha1
            kind: RdmaGidPool
            metadata: {name: rails}
            spec: {ports: [{names: [mlx5_0]}], gid: {scope: Host}}
            """);
    eventually(() ->
        assertThat(create(pod("probe", "annotations: {rdmagid.io/assignment: x}", "")).ok())
            .as("the policy counts")
            .isFalse());
  }

  @Test
  void aForgedAnnotationGoesAndTheGateComes() {
    try (OperatorProcess _ = operator()) {
      Output output =
          whenCalled(
              "made",
              "labels: {rdmagid.io/readiness-gate: 'true'}, annotations: {rdmagid.io/assignment: x}",
              "");

      assertThat(output.err())
          .contains("Warning: rdmagid: annotation rdmagid.io/assignment is left out");
      Pod made = cluster.client().pods().inNamespace("default").withName("made").get();
      assertThat(made.getMetadata().getAnnotations()).doesNotContainKey("rdmagid.io/assignment");
      assertThat(made.getSpec().getReadinessGates())
          .extracting(PodReadinessGate::getConditionType)
          .containsExactly("rdmagid.io/GidAssigned");
    }
  }

  @Test
  void whoCreatesIsWarned() {
    try (OperatorProcess _ = operator()) {
      eventually(() -> {
        String _ = admin.kubectl("delete", "pod", "warned", "--ignore-not-found", "--now");
        Output output =
            create(
                pod(
                    "warned",
                    "labels: {a: b}",
                    "env: [{name: NCCL_IB_GID_INDEX, value: '1'}], resources: {limits:"
                        + " {rdmagid.io/rails: 1, rdmagid.io/ralis: 1}}"));
        assertThat(output.err())
            .contains(
                "Warning: rdmagid: container main: NCCL_IB_GID_INDEX=1 is wrong on 1 of 2 nodes",
                "index-a has 0",
                "no RdmaGidPool offers rdmagid.io/ralis; offered is rdmagid.io/rails");
      });
    }
  }

  /** Of each kind: an expression that fails lets everything through without a word. */
  @Test
  void whoWritesATemplateIsWarnedAndWhoLabelsItIsNot() {
    List<Maker> makers =
        List.of(
            new Maker("batch", "Job", "template: " + template("Never"), "\"parallelism\": 2"),
            new Maker(
                "batch",
                "CronJob",
                "schedule: '0 0 1 1 *', jobTemplate: {spec: {template: " + template("Never") + "}}",
                "\"suspend\": true"),
            new Maker("apps", "Deployment", ofApps(), "\"paused\": true"),
            new Maker("apps", "StatefulSet", ofApps(), "\"minReadySeconds\": 1"),
            new Maker("apps", "DaemonSet", ofApps(), "\"minReadySeconds\": 1"));
    try (OperatorProcess _ = operator()) {
      for (Maker maker : makers) {
        String kind = maker.kind();
        eventually(() -> {
          String _ = admin.kubectl("delete", kind, "warned", "--ignore-not-found", "--now");
          assertWarned(create(maker.yaml()), kind);
        });
        Output labelled = admin.run("label", kind, "warned", "theirs=b");
        assertThat(labelled.ok()).as(labelled.err()).isTrue();
        assertThat(labelled.err()).as("labels of %s", kind).isEmpty();
        String change = "{\"spec\": {" + maker.change() + "}}";
        assertWarned(admin.run("patch", kind, "warned", "--type=merge", "-p", change), kind);
      }
    }
  }

  private static void assertWarned(Output output, String kind) {
    assertThat(output.ok()).as(output.err()).isTrue();
    assertThat(output.err())
        .as(kind)
        .contains("Warning: rdmagid: no RdmaGidPool offers rdmagid.io/ralis");
  }

  @Test
  void withoutTheWebhookPodsAreCreatedAndForgedOnesRefused() {
    Output plain =
        create(pod("plain", "labels: {a: b}", "resources: {limits: {rdmagid.io/rails: 1}}"));
    assertThat(plain.ok()).as(plain.err()).isTrue();

    Output forged = create(pod("forged", "annotations: {rdmagid.io/assignment: x}", ""));
    assertThat(forged.ok()).isFalse();
    assertThat(forged.err()).contains("written by rdmagid's operator only");
  }

  /** As of an operator that hangs; the API server gives up as the chart says. */
  @Test
  void whereTheWebhookNeverAnswersPodsAreCreatedAsTheyAre() throws IOException {
    // Whoever connects is connected by the kernel.
    try (ServerSocket silent =
        new ServerSocket(port, 0, InetAddress.getByName(ControlPlane.ADVERTISED))) {
      silent.setSoTimeout(CALL_MILLIS);
      eventually(() -> {
        String _ = admin.kubectl("delete", "pod", "unanswered", "--ignore-not-found", "--now");
        Output output =
            create(pod("unanswered", "labels: {rdmagid.io/readiness-gate: 'true'}", ""));
        assertThat(output.ok()).as(output.err()).isTrue();
        assertThat(output.err()).isEmpty();
        assertThatNoException()
            .as("the webhook was called")
            .isThrownBy(() -> silent.accept().close());
      });
    }
    Pod made = cluster.client().pods().inNamespace("default").withName("unanswered").get();
    assertThat(made.getSpec().getReadinessGates()).isEmpty();
    assertThat(made.getMetadata().getLabels())
        .containsExactly(Map.entry("rdmagid.io/readiness-gate", "true"));
  }

  private static OperatorProcess operator() {
    return cluster.operator(
        "webhook",
        "--webhook-address=" + ControlPlane.ADVERTISED + ":" + port,
        "--webhook-certificate=" + certificate);
  }

  /** Creates a pod that only the webhook lets through; the API server may try it late again. */
  private static Output whenCalled(String name, String metadata, String container) {
    Output[] last = new Output[1];
    eventually(() -> {
      last[0] = create(pod(name, metadata, container));
      assertThat(last[0].ok()).as(last[0].err()).isTrue();
    });
    return last[0];
  }

  /** The chart's Secret as files, as the operator's pod would have it. */
  private static void mountCertificate() throws IOException {
    Secret secret =
        cluster.client().secrets().inNamespace(OperatorCluster.NAMESPACE).withName(WEBHOOK).get();
    certificate = Files.createDirectory(folder.resolve("webhook"));
    for (Map.Entry<String, String> file : secret.getData().entrySet()) {
      Path _ =
          Files.write(
              certificate.resolve(file.getKey()), Base64.getDecoder().decode(file.getValue()));
    }
  }

  /** What the cluster would write of the operator's pods, if there were any. */
  private static void leadServiceHere() {
    String _ =
        admin.apply(
            """
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata:
              name: %1$s-here
              namespace: %2$s
              labels: {kubernetes.io/service-name: %1$s}
            addressType: IPv4
            endpoints: [{addresses: [%3$s], conditions: {ready: true}}]
            ports: [{name: webhook, port: %4$d, protocol: TCP}]
            """
                .formatted(WEBHOOK, OperatorCluster.NAMESPACE, ControlPlane.ADVERTISED, port));
  }

  private static String pod(String name, String metadata, String container) {
    return """
    apiVersion: v1
    kind: Pod
    metadata: {name: %s, namespace: default, %s}
    spec: {schedulerName: nobody, containers: [{name: main, image: main, %s}]}
    """
        .formatted(name, metadata, container)
        .replace(", }", "}");
  }

  private static String ofApps() {
    return "selector: {matchLabels: {app: warned}}, template: " + template("Always");
  }

  /** Of pods that nobody schedules, with a resource that no pool offers. */
  private static String template(String restartPolicy) {
    return """
    {metadata: {labels: {app: warned}}, spec: {restartPolicy: %s, schedulerName: nobody,
      containers: [{name: main, image: main, resources: {limits: {rdmagid.io/ralis: 1}}}]}}\
    """
        .formatted(restartPolicy);
  }

  private static Output create(String yaml) {
    try {
      Path file = Files.writeString(folder.resolve("object.yaml"), yaml);
      return admin.run("create", "-f", file.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
