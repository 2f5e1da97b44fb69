package io.rdmagid.management;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves GET of {@code /livez}, {@code /readyz} and {@code /metrics}. The first two run their
 * checks and answer 200 or 503 with one line a check, {@code [+]name ok} or {@code [-]name reason};
 * the third is Prometheus text. Other paths are 404, other methods 405.
 *
 * <p>Each request runs on a virtual thread of its own, named management-N, so that a client that
 * reads slowly keeps no probe waiting; what clients can cost is bounded by {@link HttpLimits}. Safe
 * for use by any thread.
 */
public final class ManagementServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ManagementServer.class);
  private static final String PLAIN = "text/plain; charset=utf-8";
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

  private final HttpServer server;
  private final ExecutorService executor;
  private final List<Check> liveness;
  private final List<Check> readiness;
  private final PrometheusMeterRegistry registry;

  private ManagementServer(
      HttpServer server,
      ExecutorService executor,
      List<Check> liveness,
      List<Check> readiness,
      PrometheusMeterRegistry registry) {
    this.server = server;
    this.executor = executor;
    this.liveness = liveness;
    this.readiness = readiness;
    this.registry = registry;
  }

  /**
   * Binds and serves until {@link #close}.
   *
   * @param address where to listen; port 0 takes a free one, which {@link #address} tells
   * @param liveness what must hold for {@code /livez}; with none the answer is always 200
   * @param readiness what must hold for {@code /readyz}
   * @param registry what {@code /metrics} shows; stays the caller's to close
   * @throws IOException if the address cannot be bound
   */
  public static ManagementServer start(
      InetSocketAddress address,
      List<Check> liveness,
      List<Check> readiness,
      PrometheusMeterRegistry registry)
      throws IOException {
    HttpLimits.set();
    HttpServer server = HttpServer.create(address, 0);
    ExecutorService executor =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("management-", 1).factory());
    ManagementServer management =
        new ManagementServer(
            server, executor, List.copyOf(liveness), List.copyOf(readiness), registry);
    server.setExecutor(executor);
    server.createContext("/", management::handle);
    server.start();
    return management;
  }

  /** Where the server listens. */
  public InetSocketAddress address() {
    return server.getAddress();
  }

  /**
   * Stops listening, ends open connections, and interrupts checks that still run. Does not wait for
   * them.
   */
  @Override
  public void close() {
    server.stop(0);
    executor.shutdownNow();
  }

  private record Answer(int status, String contentType, String body) {}

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Answer answer = answer(exchange);
      byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", answer.contentType());
      if (answer.status() == 405) {
        exchange.getResponseHeaders().set("Allow", "GET");
      }
      boolean bodiless = exchange.getRequestMethod().equals("HEAD");
      exchange.sendResponseHeaders(answer.status(), bodiless ? -1 : body.length);
      if (!bodiless) {
        exchange.getResponseBody().write(body);
      }
    }
  }

  private Answer answer(HttpExchange exchange) {
    String path = exchange.getRequestURI().getPath();
    boolean known = path.equals("/livez") || path.equals("/readyz") || path.equals("/metrics");
    if (known && !exchange.getRequestMethod().equals("GET")) {
      return new Answer(405, PLAIN, "only GET is served here\n");
    }
    return switch (path) {
      case "/livez" -> probe("livez", liveness);
      case "/readyz" -> probe("readyz", readiness);
      case "/metrics" -> new Answer(200, PROMETHEUS, registry.scrape(PROMETHEUS));
      default -> new Answer(404, PLAIN, "not found: /livez, /readyz and /metrics are here\n");
    };
  }

  private static Answer probe(String probe, List<Check> checks) {
    StringBuilder body = new StringBuilder();
    boolean passed = true;
    for (Check check : checks) {
      switch (run(check)) {
        case CheckResult.Passing() -> body.append("[+]").append(check.name()).append(" ok\n");
        case CheckResult.Failing(String reason) -> {
          passed = false;
          body.append("[-]")
              .append(check.name())
              .append(' ')
              .append(reason.replaceAll("\\R", " "))
              .append('\n');
        }
      }
    }
    body.append(probe).append(passed ? " check passed\n" : " check failed\n");
    return new Answer(passed ? 200 : 503, PLAIN, body.toString());
  }

  private static CheckResult run(Check check) {
    try {
      return check.test().get();
    } catch (RuntimeException e) {
      LOG.warn("check {} threw", check.name(), e);
      return CheckResult.failing("threw " + e);
    }
  }
}
