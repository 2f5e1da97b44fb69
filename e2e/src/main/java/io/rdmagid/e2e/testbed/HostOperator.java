package io.rdmagid.e2e.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;

/**
 * rdmagid's operator as a process beside the control plane, by the rights of its service account.
 * It outlives the JVM that started it and ends with the testbed.
 */
public final class HostOperator {
  private static final String ACCOUNT = "rdmagid-operator";
  private static final ManagementEndpoint MANAGEMENT = new ManagementEndpoint("127.0.0.1:9848");
  private static final Duration READY = Duration.ofMinutes(1);

  private final Path directory;
  private final ControlPlane controlPlane;
  private final Daemon process;

  HostOperator(Path directory, ControlPlane controlPlane) {
    this.directory = directory;
    this.controlPlane = controlPlane;
    process = new Daemon(directory, "operator");
  }

  /**
   * Starts it with the code of the last build (e2e/target/lib), and waits until it is ready.
   *
   * @param namespace of the release, whose chart made the service account
   */
  public void restart(String namespace) {
    stop();
    process.start(
        List.of(
            "env",
            "KUBECONFIG=" + kubeconfig(namespace),
            "HOSTNAME=host",
            Path.of(System.getProperty("java.home"), "bin/java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            Checkout.root().resolve("e2e/target/lib") + "/*",
            "io.rdmagid.operator.OperatorMain",
            "--leader-election-namespace=" + namespace,
            "--failover=true"));
    Poll.until("the operator to be ready", READY, this::isReady, () -> "see " + log());
  }

  /** Ends it; the pods that run do not notice. */
  public void stop() {
    process.stop();
  }

  /** Whether it is there and ready. */
  public boolean isRunning() {
    return process.isAlive() && MANAGEMENT.isReady();
  }

  /** What it printed. */
  public Path log() {
    return process.log();
  }

  private Path kubeconfig(String namespace) {
    Kubectl admin = controlPlane.kubectl();
    String token =
        admin.kubectl("create", "token", ACCOUNT, "-n", namespace, "--duration=24h").strip();
    Path file = directory.resolve("operator.kubeconfig");
    try {
      Files.copy(controlPlane.kubeconfig("admin"), file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Kubectl own = new Kubectl(admin.program(), file);
    String _ = own.kubectl("config", "set-credentials", ACCOUNT, "--token=" + token);
    String _ = own.kubectl("config", "set-context", "--current", "--user=" + ACCOUNT);
    return file;
  }

  private boolean isReady() {
    if (!process.isAlive()) {
      throw new TestbedException("the operator ended; see " + log());
    }
    return MANAGEMENT.isReady();
  }
}
