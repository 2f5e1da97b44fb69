package io.rdmagid.e2e.agent;

import io.rdmagid.e2e.testbed.Node;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** The probes and metrics of the agent on a node. */
public record AgentEndpoint(Node node) {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** Whether the agent is there and says that it is ready. */
  public boolean isReady() {
    try {
      return get("/readyz").statusCode() == 200;
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  /** How many GID tables the agent has read since it started, all devices together. */
  public double tableReads() {
    return get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith("rdmagid_table_reads_total{"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  private HttpResponse<String> get(String path) {
    URI uri =
        URI.create("http://" + node.address() + ":" + AgentInstallation.MANAGEMENT_PORT + path);
    try (HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
      HttpRequest request = HttpRequest.newBuilder(uri).timeout(PATIENCE).build();
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(uri + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
