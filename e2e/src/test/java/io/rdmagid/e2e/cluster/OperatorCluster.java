package io.rdmagid.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.rdmagid.api.naming.FieldManagers;
import io.rdmagid.api.naming.RdmaGidName;
import io.rdmagid.api.v1alpha1.GidRow;
import io.rdmagid.api.v1alpha1.RdmaGid;
import io.rdmagid.api.v1alpha1.RdmaGidSpec;
import io.rdmagid.api.v1alpha1.RdmaGidStatus;
import io.rdmagid.e2e.testbed.Checkout;
import io.rdmagid.e2e.testbed.Command;
import io.rdmagid.e2e.testbed.ControlPlane;
import io.rdmagid.e2e.testbed.Output;
import io.rdmagid.e2e.testbed.User;
import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.gid.GidType;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.IntStream;
import org.awaitility.core.ThrowingRunnable;

/**
 * A control plane with the chart's CRDs and an operator's account that may what the chart lets it;
 * and what agents write, written by the test.
 */
final class OperatorCluster implements AutoCloseable {
  static final String NAMESPACE = "rdmagid-system";

  /** As the API server knows the operator's ServiceAccount. */
  static final String ACCOUNT = "system:serviceaccount:" + NAMESPACE + ":rdmagid-operator";

  static final PatchContext AS_AGENT =
      new PatchContext.Builder()
          .withPatchType(PatchType.SERVER_SIDE_APPLY)
          .withFieldManager(FieldManagers.AGENT)
          .withForce(true)
          .build();

  private static final Duration GUARD = Duration.ofMinutes(2);

  private final Path folder;
  private final ControlPlane controlPlane;
  private final KubernetesClient client;

  private OperatorCluster(Path folder, ControlPlane controlPlane, KubernetesClient client) {
    this.folder = folder;
    this.controlPlane = controlPlane;
    this.client = client;
  }

  static OperatorCluster start(Path folder, User... others) {
    List<User> users = new ArrayList<>(List.of(others));
    users.add(new User("operator", ACCOUNT, List.of("system:serviceaccounts")));
    ControlPlane controlPlane =
        ControlPlane.start(folder.resolve("control-plane"), users.toArray(User[]::new));
    OperatorCluster cluster =
        new OperatorCluster(folder, controlPlane, controlPlane.kubectl().client());
    controlPlane.applyCrds();
    String _ = controlPlane.kubectl().kubectl("create", "namespace", NAMESPACE);
    String _ =
        controlPlane
            .kubectl()
            .apply(
                ofTheChart(
                    "operator-clusterrole.yaml",
                    "operator-clusterrolebinding.yaml",
                    "operator-role.yaml",
                    "operator-rolebinding.yaml"));
    return cluster;
  }

  /** Removes a CRD with all objects of its kind, until {@link ControlPlane#applyCrds}. */
  void removeCrd(String name) {
    String _ = controlPlane.kubectl().kubectl("delete", "crd", name, "--wait");
  }

  /** Templates of the chart as they are installed, with failover. */
  static String ofTheChart(String... templates) {
    List<String> options = new ArrayList<>(List.of("--set=tier=failover"));
    for (String template : templates) {
      options.add("--show-only=templates/" + template);
    }
    return chart(options).orThrow("helm template");
  }

  /** What Helm makes of the chart with these options. */
  static Output chart(List<String> options) {
    Properties artefacts = new Properties();
    Path file = Checkout.root().resolve("e2e/target/testbed.properties");
    try (Reader reader = Files.newBufferedReader(file)) {
      artefacts.load(reader);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<String> words =
        new ArrayList<>(
            List.of(
                artefacts.getProperty("helm"),
                "template",
                "rdmagid",
                Checkout.root().resolve("charts/rdmagid").toString(),
                "--namespace=" + NAMESPACE));
    words.addAll(options);
    return Command.of(words).run();
  }

  ControlPlane controlPlane() {
    return controlPlane;
  }

  /** Of somebody who may everything. */
  KubernetesClient client() {
    return client;
  }

  /** An operator; returns when it is ready. */
  OperatorProcess operator() {
    return operator("rdmagid-operator-0");
  }

  /** An operator that starts. */
  OperatorProcess startOperator(String name, String... options) {
    List<String> words = new ArrayList<>(List.of("--leader-election-namespace=" + NAMESPACE));
    words.addAll(List.of(options));
    return OperatorProcess.start(
        folder, controlPlane.kubeconfig("operator"), name, words.toArray(String[]::new));
  }

  OperatorProcess operator(String name, String... options) {
    OperatorProcess operator = startOperator(name, options);
    await().atMost(GUARD).pollInterval(Duration.ofMillis(200)).until(operator::isReady);
    return operator;
  }

  /**
   * Writes an RdmaGid as its agent would: an active port of Ethernet with these RoCE v2 GIDs, from
   * index 0.
   */
  void port(String node, String device, String... gids) {
    port(node, device, 4096, gids);
  }

  /**
   * The same.
   *
   * @param mtu of the port, in bytes
   */
  void port(String node, String device, int mtu, String... gids) {
    RdmaGidStatus status =
        RdmaGidStatus.builder()
            .linkLayer("Ethernet")
            .state("ACTIVE")
            .mtu(mtu)
            .driver("mlx5_core")
            .gids(
                IntStream.range(0, gids.length)
                    .mapToObj(i ->
                        GidRow.of(new GidEntry(i, Gid.parse(gids[i]), GidType.ROCE_V2, 2, "ens0")))
                    .toList())
            .build();
    RdmaGid object = new RdmaGid();
    object.setMetadata(new ObjectMetaBuilder().withName(RdmaGidName.of(node, device, 1)).build());
    object.setSpec(new RdmaGidSpec(node, device, 1));
    client.resource(object).patch(AS_AGENT);
    object.setSpec(null);
    object.setStatus(status);
    client.resource(object).subresource("status").patch(AS_AGENT);
  }

  /** Merges this into the status of an object, in namespace default where it is in one. */
  void patchStatus(String kind, String name, String status) {
    String _ =
        controlPlane
            .kubectl()
            .kubectl(
                "patch",
                kind,
                name,
                "--subresource=status",
                "--type=merge",
                "-p",
                "{\"status\":" + status + "}");
  }

  /** Waits until a namespace takes pods. */
  void awaitPodsTaken(String namespace) {
    eventually(() ->
        assertThat(client.serviceAccounts().inNamespace(namespace).withName("default").get())
            .as("without it no pod is admitted")
            .isNotNull());
  }

  static void eventually(ThrowingRunnable assertion) {
    await().atMost(GUARD).pollInterval(Duration.ofMillis(200)).untilAsserted(assertion);
  }

  @Override
  public void close() {
    client.close();
    controlPlane.stop();
  }
}
