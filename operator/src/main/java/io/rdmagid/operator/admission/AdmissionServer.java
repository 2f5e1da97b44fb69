package io.rdmagid.operator.admission;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.rdmagid.management.Check;
import io.rdmagid.management.CheckResult;
import io.rdmagid.management.HttpLimits;
import io.rdmagid.operator.fact.ClusterFacts;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the API server's AdmissionReviews: POST of {@link #PATH} over HTTPS. What is no such
 * request is refused with 400, what is too much at a time with 503; who is refused goes on without
 * an answer ({@code failurePolicy: Ignore}).
 *
 * <p>Each request runs on a virtual thread of its own, named admission-N; how long one may take to
 * come and go, and how many connections there are, is bounded by {@link HttpLimits}. Safe for use
 * by any thread.
 */
public final class AdmissionServer implements AutoCloseable {
  /** Where reviews are sent to. */
  public static final String PATH = "/admission";

  /** The longest body, in bytes: what an API server takes for an object, once again. */
  static final int LONGEST_BODY = 3 << 20;

  private static final Logger LOG = LoggerFactory.getLogger(AdmissionServer.class);

  /** How many bodies are in memory. */
  private static final int BODIES = 16;

  /** How many of them are objects, which can be many times as large. */
  private static final int OBJECTS = 2;

  /** The API server asks with a time-out of 2 s. */
  private static final int PATIENCE_MILLIS = 1500;

  private final HttpsServer server;
  private final ExecutorService executor;
  private final PoolIndices pools;
  private final BooleanSupplier complete;
  private final ServerKey key;
  private final Clock clock;
  private final MeterRegistry registry;
  private final Semaphore bodies = new Semaphore(BODIES);
  private final Semaphore objects = new Semaphore(OBJECTS);

  private AdmissionServer(
      HttpsServer server,
      ExecutorService executor,
      PoolIndices pools,
      BooleanSupplier complete,
      ServerKey key,
      Clock clock,
      MeterRegistry registry) {
    this.server = server;
    this.executor = executor;
    this.pools = pools;
    this.complete = complete;
    this.key = key;
    this.clock = clock;
    this.registry = registry;
  }

  /**
   * Binds and serves until {@link #close}.
   *
   * @param address where to listen; port 0 takes a free one, which {@link #address} tells
   * @param certificate the folder of tls.crt and tls.key, which may come later and change
   * @param facts whose changes it hears of, for as long as they are there
   * @param complete asked at each request: whether all that the facts are made from is read
   * @throws IOException if the address cannot be bound
   */
  public static AdmissionServer start(
      InetSocketAddress address,
      Path certificate,
      ClusterFacts facts,
      BooleanSupplier complete,
      Clock clock,
      MeterRegistry registry)
      throws IOException {
    ServerKey key = new ServerKey(certificate, clock);
    HttpLimits.set();
    HttpsServer server = HttpsServer.create(address, 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context(key)));
    ExecutorService executor =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("admission-", 1).factory());
    AdmissionServer admission =
        new AdmissionServer(
            server, executor, new PoolIndices(facts), complete, key, clock, registry);
    Gauge.builder(
            "rdmagid.webhook.certificate.not.after.seconds",
            admission,
            shown ->
                shown.key.notAfter().map(end -> (double) end.getEpochSecond()).orElse(Double.NaN))
        .description("When the certificate of the webhook ends, in seconds since 1970")
        .register(registry);
    server.setExecutor(executor);
    server.createContext("/", admission::handle);
    server.start();
    return admission;
  }

  private static SSLContext context(ServerKey key) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(new KeyManager[] {key}, null, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has TLS", e);
    }
  }

  /** Where the server listens. */
  public InetSocketAddress address() {
    return server.getAddress();
  }

  /** Whether there is a certificate that has not ended. */
  public Check check() {
    return new Check(
        "webhook",
        () -> {
          Optional<Instant> end = key.notAfter();
          return end.isEmpty()
              ? CheckResult.failing("no certificate yet")
              : CheckResult.of(
                  clock.instant().isBefore(end.get()), "certificate ended " + end.get());
        });
  }

  /** Stops listening and ends open connections. Does not wait for requests. */
  @Override
  public void close() {
    server.stop(0);
    executor.shutdownNow();
  }

  private sealed interface Outcome {
    record Answered(String body) implements Outcome {}

    record Refused(int status, String reason) implements Outcome {}
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      long start = System.nanoTime();
      Outcome outcome = outcome(exchange);
      Timer.builder("rdmagid.webhook.requests")
          .description("Requests to the webhook, by what became of them")
          .tag("outcome", outcome instanceof Outcome.Answered ? "answered" : "refused")
          .register(registry)
          .record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
      switch (outcome) {
        case Outcome.Answered(String body) -> send(exchange, 200, "application/json", body);
        case Outcome.Refused(int status, String reason) -> {
          LOG.atWarn()
              .addKeyValue("from", exchange.getRemoteAddress())
              .addKeyValue("reason", reason)
              .log("request to the webhook refused");
          // The rest of its body is not waited for.
          exchange.getResponseHeaders().set("Connection", "close");
          send(exchange, status, "text/plain; charset=utf-8", reason + "\n");
        }
      }
    }
  }

  private static void send(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  private Outcome outcome(HttpExchange exchange) throws IOException {
    if (!exchange.getRequestURI().getPath().equals(PATH)) {
      return new Outcome.Refused(404, "not found: " + PATH + " is here");
    }
    if (!exchange.getRequestMethod().equals("POST")) {
      return new Outcome.Refused(405, "only POST is served here");
    }
    if (!bodies.tryAcquire()) {
      return new Outcome.Refused(503, "too many requests at a time");
    }
    try {
      byte[] body = exchange.getRequestBody().readNBytes(LONGEST_BODY + 1);
      return body.length > LONGEST_BODY
          ? new Outcome.Refused(400, "the body has more than " + LONGEST_BODY + " bytes")
          : answered(body);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Outcome.Refused(503, "the server ends");
    } finally {
      bodies.release();
    }
  }

  private Optional<PoolIndices> known() {
    return complete.getAsBoolean() ? Optional.of(pools) : Optional.empty();
  }

  private Outcome answered(byte[] body) throws InterruptedException {
    if (!objects.tryAcquire(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
      return new Outcome.Refused(503, "too many requests at a time");
    }
    try {
      return switch (Review.read(body)) {
        case Review.Invalid(String reason) -> new Outcome.Refused(400, reason);
        case Review.Valid(String uid, Subject subject) ->
            new Outcome.Answered(Review.write(uid, PodAdmission.of(subject, known())));
      };
    } finally {
      objects.release();
    }
  }
}
