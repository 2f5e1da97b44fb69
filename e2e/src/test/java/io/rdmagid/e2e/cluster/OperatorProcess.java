package io.rdmagid.e2e.cluster;

import io.rdmagid.e2e.testbed.ManagementEndpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * An operator as a process of this machine, with the class path of this JVM. The one who starts it
 * ends it.
 */
final class OperatorProcess implements AutoCloseable {
  private final Process process;
  private final Path log;
  private final int port;

  private OperatorProcess(Process process, Path log, int port) {
    this.process = process;
    this.log = log;
    this.port = port;
  }

  /**
   * Starts an operator.
   *
   * @param name tells it from others where one has to lead; the same again is the same operator
   */
  static OperatorProcess start(Path folder, Path kubeconfig, String name, String... options) {
    Path log = folder.resolve("operator-" + System.nanoTime() + ".log");
    int port = freePort();
    List<String> words =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "io.rdmagid.operator.OperatorMain",
                "--management-address=127.0.0.1:" + port));
    words.addAll(List.of(options));
    ProcessBuilder builder =
        new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().putAll(Map.of("KUBECONFIG", kubeconfig.toString(), "HOSTNAME", name));
    builder.environment().remove("POD_NAMESPACE");
    try {
      return new OperatorProcess(builder.start(), log, port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether its probe says that it has read everything and hears of changes. */
  boolean isReady() {
    return new ManagementEndpoint("127.0.0.1:" + port).isReady();
  }

  /** What it shows Prometheus. */
  String metrics() {
    return new ManagementEndpoint("127.0.0.1:" + port).get("/metrics").body();
  }

  /** Ends it as a crash would. */
  void kill() {
    process.destroyForcibly();
    int _ = awaitEnd();
  }

  /** Tells it to end, as a kubelet does, and gives its exit code. */
  int end() {
    process.destroy();
    return awaitEnd();
  }

  /** Waits until it has ended by itself, and gives its exit code. */
  int awaitEnd() {
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        throw new IllegalStateException("the operator runs on: " + log());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** What it printed so far. */
  String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    int _ = end();
  }
}
