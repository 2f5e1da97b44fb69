package io.rdmagid.e2e.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/**
 * The probes and metrics of an agent or an operator. One that takes a connection and does not
 * answer counts as not there.
 *
 * @param address HOST:PORT
 */
public record ManagementEndpoint(String address) {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** Whether the process is there and says that it is ready. */
  public boolean isReady() {
    try {
      return get("/readyz").statusCode() == 200;
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  /**
   * What it answers.
   *
   * @throws UncheckedIOException if it does not
   */
  public HttpResponse<String> get(String path) {
    URI uri = URI.create("http://" + address + path);
    try (HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
      HttpRequest request = HttpRequest.newBuilder(uri).timeout(PATIENCE).build();
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(uri + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TestbedException("interrupted while waiting for " + uri, e);
    }
  }
}
