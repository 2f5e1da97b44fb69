package io.rdmagid.e2e.agent;

import io.rdmagid.e2e.testbed.Checkout;
import io.rdmagid.e2e.testbed.Kubectl;
import io.rdmagid.e2e.testbed.Node;
import io.rdmagid.e2e.testbed.Poll;
import io.rdmagid.e2e.testbed.Testbed;
import io.rdmagid.e2e.testbed.TestbedException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The chart, installed in the testbed with the image that the build left. The image is tagged by
 * its content, so that installing again restarts the agents only when their code changed.
 */
public final class AgentInstallation {
  /** The namespace of the release. */
  public static final String NAMESPACE = "rdmagid-system";

  /** The agents' user on the API server. */
  public static final String USER = "system:serviceaccount:" + NAMESPACE + ":rdmagid-agent";

  /** Where each node serves the agent's probes and metrics. */
  public static final int MANAGEMENT_PORT = 9847;

  private static final Duration READY = Duration.ofMinutes(5);

  private static final String REPOSITORY = "localhost/rdmagid-agent";

  /** What this process installed last, to the end: to install the same again changes nothing. */
  private static volatile @Nullable Release installed;

  private AgentInstallation() {}

  private record Release(String tag, List<String> values) {}

  /**
   * Installs or upgrades, and waits until operator and all agents are Ready. The operator runs
   * beside the control plane, by the rights that the chart gives it: its JVM would take minutes of
   * a node's emulated processors, from the agents that start there. Does no more than wait where
   * this process installed the same before.
   */
  public static void install(Testbed testbed) {
    installWith(testbed);
  }

  /**
   * The same with other values of the chart than the usual ones.
   *
   * @param values such as {@code agent.holdDevices=false}
   */
  public static void installWith(Testbed testbed, String... values) {
    Release wanted = new Release(tag(image()), List.of(values));
    if (!wanted.equals(installed) || !testbed.operator().isRunning()) {
      apply(testbed, wanted);
      testbed.operator().restart(NAMESPACE);
      installed = wanted;
    }
    awaitReady(testbed);
  }

  /**
   * Installs or upgrades without waiting for anything but the nodes' container runtimes: the agents
   * start while the nodes are getting Ready.
   */
  public static void apply(Testbed testbed) {
    apply(testbed, new Release(tag(image()), List.of()));
  }

  private static void apply(Testbed testbed, Release release) {
    installed = null;
    loadImage(testbed, release.tag());
    String _ =
        testbed
            .kubectl()
            .apply(
                """
                apiVersion: v1
                kind: Namespace
                metadata:
                  name: %s
                  labels:
                    pod-security.kubernetes.io/enforce: privileged
                """
                    .formatted(NAMESPACE));
    // Helm leaves the CRDs of an installed chart as they are.
    testbed.controlPlane().applyCrds();
    List<String> words = new ArrayList<>(List.of("upgrade", "--install", "rdmagid"));
    words.add(Checkout.root().resolve("charts/rdmagid").toString());
    words.addAll(List.of("--namespace", NAMESPACE));
    Stream.concat(
            Stream.of(
                "image.tag=" + release.tag(),
                "agent.maxUnavailable=100%",
                "operator.replicas=0",
                "tier=failover",
                // Its Service has no address on a testbed whose operator runs beside it.
                "webhook.enabled=false"),
            release.values().stream())
        .forEach(value -> words.addAll(List.of("--set", value)));
    String _ = testbed.helm(words.toArray(String[]::new));
  }

  private static String tag(Path image) {
    return "build-" + digest(image).substring(0, 12);
  }

  /** Makes the image known to every node. */
  private static void loadImage(Testbed testbed, String tag) {
    Path archive = image();
    String name = REPOSITORY + ":" + tag;
    // A core a node: an import is mostly one thread unpacking.
    testbed.nodes().parallelStream()
        .filter(node -> !node.run("ctr -n k8s.io images ls -q | grep -qx " + name).ok())
        .forEach(node -> node.importImage(archive, name));
  }

  /** Waits until the agents of all nodes are Ready with the newest image. */
  public static void awaitReady(Testbed testbed) {
    Poll.until(
        "the agents to be Ready",
        READY,
        () ->
            testbed
                .kubectl()
                .kubectl(
                    "-n",
                    NAMESPACE,
                    "rollout",
                    "status",
                    "daemonset/rdmagid-agent",
                    "--watch=false")
                .contains("successfully rolled out"),
        () -> "see the pods of namespace " + NAMESPACE);
  }

  /** The name of the agent's pod on a node. */
  public static String pod(Kubectl kubectl, Node node) {
    return pod(kubectl, node, "{.items[0].metadata.name}");
  }

  /**
   * A field of the agent's pod on a node.
   *
   * @param field as a JSON path from a list of pods
   */
  public static String pod(Kubectl kubectl, Node node, String field) {
    return kubectl
        .kubectl(
            "-n",
            NAMESPACE,
            "get",
            "pods",
            "--field-selector",
            "spec.nodeName=" + node.name(),
            "-l",
            "app.kubernetes.io/name=rdmagid-agent",
            "-o",
            "jsonpath=" + field)
        .strip();
  }

  private static Path image() {
    Path image = Checkout.root().resolve("deploy/target/agent-image.tar");
    if (!Files.exists(image)) {
      throw new TestbedException("no " + image + ": run make image first");
    }
    return image;
  }

  private static String digest(Path file) {
    try (InputStream in =
        new DigestInputStream(Files.newInputStream(file), MessageDigest.getInstance("SHA-256"))) {
      long _ = in.transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(((DigestInputStream) in).getMessageDigest().digest());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
