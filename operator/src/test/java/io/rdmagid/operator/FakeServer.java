package io.rdmagid.operator;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An HTTP server that answers a client of Kubernetes as a test says. */
public final class FakeServer implements AutoCloseable {
  /** What a server answers. */
  public interface Answers {
    /** Writes the answer to a request whose body was read. */
    void answer(Request request, HttpExchange exchange) throws IOException;
  }

  /** What a server was asked. */
  public record Request(String method, String path, String query, String body) {}

  /** The first of growing pauses before a watch that ended is asked for again. */
  private static final int RECONNECT_MILLIS = 50;

  /** What an API server says, with 500, where a webhook does not answer that has to. */
  public static final String FAILED_WEBHOOK =
      "Internal error occurred: failed calling webhook 'a.b': failed to call webhook: no answer";

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final KubernetesClient client;

  /** All so far. */
  public final List<Request> requests = new CopyOnWriteArrayList<>();

  /** Starts one. */
  public FakeServer(Answers answers) {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            Request request = request(exchange);
            requests.add(request);
            answers.answer(request, exchange);
          }
        });
    server.start();
    Config config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
            .withRequestRetryBackoffLimit(0)
            .withWatchReconnectInterval(RECONNECT_MILLIS)
            .build();
    client = new KubernetesClientBuilder().withConfig(config).build();
  }

  private static Request request(HttpExchange exchange) throws IOException {
    String query = exchange.getRequestURI().getQuery();
    return new Request(
        exchange.getRequestMethod(),
        exchange.getRequestURI().getPath(),
        query == null ? "" : query,
        new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
  }

  /** Answers with JSON, whole. */
  public static void send(HttpExchange exchange, int status, String json) throws IOException {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  /** Refuses. */
  public static void refuse(HttpExchange exchange, int status) throws IOException {
    refuse(exchange, status, "no");
  }

  /** Refuses with a message; 500 with the reason that an API server gives for all of them. */
  public static void refuse(HttpExchange exchange, int status, String message) throws IOException {
    send(
        exchange,
        status,
        """
        {"kind":"Status","apiVersion":"v1","status":"Failure","code":%d,"reason":"%s","message":"%s"}
        """
            .formatted(status, status == 500 ? "InternalError" : "", message));
  }

  /** Of this server; closed with it. */
  public KubernetesClient client() {
    return client;
  }

  @Override
  public void close() {
    client.close();
    server.stop(0);
    threads.shutdownNow();
  }
}
