package io.rdmagid.e2e.agent;

import io.rdmagid.e2e.testbed.Checkout;
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

/**
 * The chart, installed in the testbed with the images that the build left. An image is tagged by
 * its content, so that installing again restarts only what changed.
 */
public final class AgentInstallation {
  /** The namespace of the release. */
  public static final String NAMESPACE = "rdmagid-system";

  /** The agents' user on the API server. */
  public static final String USER = "system:serviceaccount:" + NAMESPACE + ":rdmagid-agent";

  /** Where each node serves the agent's probes and metrics. */
  public static final int MANAGEMENT_PORT = 9847;

  private static final Duration READY = Duration.ofMinutes(5);

  /** An image and the chart's value for its tag. */
  private enum Image {
    AGENT("deploy/target/agent-image.tar", "localhost/rdmagid-agent", "image.tag"),
    OPERATOR(
        "operator/target/operator-image.tar", "localhost/rdmagid-operator", "operator.image.tag");

    private final String archive;
    private final String repository;
    private final String value;

    Image(String archive, String repository, String value) {
      this.archive = archive;
      this.repository = repository;
      this.value = value;
    }
  }

  private AgentInstallation() {}

  /** Installs or upgrades, and waits until operator and all agents are Ready. */
  public static void install(Testbed testbed) {
    List<String> tags = new ArrayList<>();
    for (Image image : Image.values()) {
      tags.add("--set");
      tags.add(image.value + "=" + load(testbed, image));
    }
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
    List<String> words =
        new ArrayList<>(
            List.of(
                "upgrade",
                "--install",
                "rdmagid",
                Checkout.root().resolve("charts/rdmagid").toString(),
                "--namespace",
                NAMESPACE));
    words.addAll(tags);
    // Helm leaves the CRDs of an installed chart as they are.
    String _ =
        testbed
            .kubectl()
            .kubectl(
                "apply",
                "--server-side",
                "-f",
                Checkout.root().resolve("charts/rdmagid/crds").toString());
    String _ = testbed.helm(words.toArray(String[]::new));
    awaitReady(testbed);
  }

  /** Makes an image known to every node, and gives its tag. */
  private static String load(Testbed testbed, Image image) {
    Path archive = archive(image);
    String tag = "build-" + digest(archive).substring(0, 12);
    String name = image.repository + ":" + tag;
    for (Node node : testbed.nodes()) {
      if (!node.run("ctr -n k8s.io images ls -q | grep -qx " + name).ok()) {
        node.importImage(archive, name);
      }
    }
    return tag;
  }

  /** Waits until operator and agents are Ready with the newest images. */
  public static void awaitReady(Testbed testbed) {
    for (String part : List.of("deployment/rdmagid-operator", "daemonset/rdmagid-agent")) {
      Poll.until(
          part + " to be Ready",
          READY,
          () ->
              testbed
                  .kubectl()
                  .kubectl("-n", NAMESPACE, "rollout", "status", part, "--watch=false")
                  .contains("successfully rolled out"),
          () -> "see the pods of namespace " + NAMESPACE);
    }
  }

  private static Path archive(Image image) {
    Path archive = Checkout.root().resolve(image.archive);
    if (!Files.exists(archive)) {
      throw new TestbedException("no " + archive + ": run make image first");
    }
    return archive;
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
