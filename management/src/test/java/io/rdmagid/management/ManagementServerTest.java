package io.rdmagid.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ManagementServerTest {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final AtomicReference<CheckResult> synced = new AtomicReference<>(CheckResult.passing());
  private final AtomicReference<String> checkThread = new AtomicReference<>("");
  private final HttpClient client = HttpClient.newHttpClient();
  private ManagementServer server;

  @BeforeEach
  void start() throws IOException {
    Check loop =
        new Check(
            "loop",
            () -> {
              checkThread.set(Thread.currentThread().getName());
              return CheckResult.passing();
            });
    server =
        ManagementServer.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            List.of(loop),
            List.of(loop, new Check("synced", synced::get)),
            registry);
  }

  @AfterEach
  void stop() {
    server.close();
    client.close();
    registry.close();
  }

  @Test
  void livezRunsItsChecksOnNamedThreads() throws IOException, InterruptedException {
    HttpResponse<String> response = request("GET", "/livez");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("[+]loop ok\nlivez check passed\n");
    assertThat(checkThread.get()).startsWith("management-");
  }

  @Test
  void readyzListsEveryCheckAndFailsIfOneDoes() throws IOException, InterruptedException {
    assertThat(request("GET", "/readyz?verbose").statusCode()).isEqualTo(200);

    synced.set(CheckResult.failing("no answer from the API server\nsince 10 s"));
    HttpResponse<String> response = request("GET", "/readyz");

    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.body())
        .isEqualTo(
            "[+]loop ok\n[-]synced no answer from the API server since 10 s\nreadyz check failed\n");
    assertThat(request("GET", "/livez").statusCode()).isEqualTo(200);
  }

  @Test
  void aCheckThatThrowsFails() throws IOException, InterruptedException {
    try (ManagementServer throwing =
        ManagementServer.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            List.of(),
            List.of(
                new Check(
                    "table",
                    () -> {
                      throw new IllegalStateException("closed");
                    })),
            registry)) {
      HttpResponse<String> response = request(throwing, "GET", "/readyz");

      assertThat(response.statusCode()).isEqualTo(503);
      assertThat(response.body())
          .contains("[-]table threw java.lang.IllegalStateException: closed");
    }
  }

  @Test
  void metricsArePrometheusText() throws IOException, InterruptedException {
    registry.counter("rdmagid.gid.changes").increment();

    HttpResponse<String> response = request("GET", "/metrics");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type"))
        .hasValue("text/plain; version=0.0.4; charset=utf-8");
    assertThat(response.body())
        .contains("# TYPE rdmagid_gid_changes_total counter", "rdmagid_gid_changes_total 1.0");
  }

  @Test
  void otherPathsAndMethodsAreRefused() throws IOException, InterruptedException {
    assertThat(request("GET", "/").statusCode()).isEqualTo(404);
    assertThat(request("GET", "/livez/loop").statusCode()).isEqualTo(404);
    HttpResponse<String> response = request("POST", "/livez");
    assertThat(response.statusCode()).isEqualTo(405);
    assertThat(response.headers().firstValue("Allow")).hasValue("GET");
    assertThat(request("HEAD", "/readyz").statusCode()).isEqualTo(405);
  }

  @Test
  void slowClientsKeepNoProbeWaiting() throws IOException, InterruptedException {
    Socket[] slow = new Socket[20];
    try {
      for (int i = 0; i < slow.length; i++) {
        slow[i] = new Socket(server.address().getAddress(), server.address().getPort());
        slow[i]
            .getOutputStream()
            .write("GET /livez HTTP/1.1\r\nHost:".getBytes(StandardCharsets.US_ASCII));
      }
      assertThat(request("GET", "/livez").statusCode()).isEqualTo(200);
    } finally {
      for (Socket socket : slow) {
        if (socket != null) {
          socket.close();
        }
      }
    }
  }

  @Test
  void closeStopsListeningAndInterruptsChecks() throws IOException, InterruptedException {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    Check stuck =
        new Check(
            "stuck",
            () -> {
              running.countDown();
              try {
                TimeUnit.MINUTES.sleep(1);
              } catch (InterruptedException e) {
                interrupted.countDown();
              }
              return CheckResult.passing();
            });
    ManagementServer other =
        ManagementServer.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            List.of(stuck),
            List.of(),
            registry);
    try (Socket socket = new Socket(other.address().getAddress(), other.address().getPort())) {
      socket
          .getOutputStream()
          .write("GET /livez HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(running.await(10, TimeUnit.SECONDS)).isTrue();

      other.close();

      assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
    }
    assertThatThrownBy(() -> request(other, "GET", "/livez")).isInstanceOf(IOException.class);
  }

  private HttpResponse<String> request(String method, String path)
      throws IOException, InterruptedException {
    return request(server, method, path);
  }

  private HttpResponse<String> request(ManagementServer to, String method, String path)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://localhost:" + to.address().getPort() + path);
    return client.send(
        HttpRequest.newBuilder(uri)
            .method(method, BodyPublishers.noBody())
            .timeout(Duration.ofSeconds(10))
            .build(),
        BodyHandlers.ofString());
  }
}
