package io.rdmagid.e2e.cluster;

import static io.rdmagid.e2e.cluster.OperatorCluster.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodReadinessGate;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.WebhookClientConfig;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.WebhookClientConfigBuilder;
import io.rdmagid.e2e.testbed.Command;
import io.rdmagid.e2e.testbed.Kubectl;
import io.rdmagid.e2e.testbed.Output;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The operator's webhook, called by a real API server as the chart says, but for its address: no
 * Service leads to a process of this machine.
 */
class AdmissionTest extends OnOperatorCluster {
  private static Kubectl admin;
  private static int port;

  @BeforeAll
  static void start() throws IOException {
    cluster = OperatorCluster.start(folder);
    admin = cluster.controlPlane().kubectl();
    cluster.awaitPodsTaken("default");
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    String _ =
        Command.of(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=webhook",
                "-addext",
                "subjectAltName=IP:127.0.0.1",
                "-keyout",
                folder.resolve("tls.key").toString(),
                "-out",
                folder.resolve("tls.crt").toString())
            .run()
            .orThrow("openssl");
    String _ = admin.apply(OperatorCluster.ofTheChart("policies.yaml"));
    applyWebhooks();
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
      Output job =
          create(
              """
              apiVersion: batch/v1
              kind: Job
              metadata: {name: warned, namespace: default}
              spec:
                template:
                  spec:
                    restartPolicy: Never
                    schedulerName: nobody
                    containers: [{name: main, image: main, resources: {limits: {rdmagid.io/ralis: 1}}}]
              """);
      assertThat(job.ok()).as(job.err()).isTrue();
      assertThat(job.err()).contains("Warning: rdmagid: no RdmaGidPool offers rdmagid.io/ralis");
    }
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

  private static OperatorProcess operator() {
    return cluster.operator(
        "webhook", "--webhook-address=127.0.0.1:" + port, "--webhook-certificate=" + folder);
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

  private static void applyWebhooks() throws IOException {
    WebhookClientConfig here =
        new WebhookClientConfigBuilder()
            .withUrl("https://127.0.0.1:" + port + "/admission")
            .withCaBundle(
                Base64.getEncoder().encodeToString(Files.readAllBytes(folder.resolve("tls.crt"))))
            .build();
    String rendered = OperatorCluster.ofTheChart("webhook.yaml");
    cluster
        .client()
        .load(new ByteArrayInputStream(rendered.getBytes(StandardCharsets.UTF_8)))
        .items()
        .forEach(object -> {
          switch (object) {
            case MutatingWebhookConfiguration pods -> {
              pods.getWebhooks().forEach(webhook -> webhook.setClientConfig(here));
              cluster.client().resource(pods).create();
            }
            case ValidatingWebhookConfiguration templates -> {
              templates.getWebhooks().forEach(webhook -> webhook.setClientConfig(here));
              cluster.client().resource(templates).create();
            }
            default -> {}
          }
        });
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

  private static Output create(String yaml) {
    try {
      Path file = Files.writeString(folder.resolve("object.yaml"), yaml);
      return admin.run("create", "-f", file.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
