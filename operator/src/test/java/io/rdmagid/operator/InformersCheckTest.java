package io.rdmagid.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rdmagid.management.CheckResult;
import io.rdmagid.operator.cleaning.CleaningReconciler;
import io.rdmagid.operator.fact.ClusterFacts;
import io.rdmagid.operator.staleness.StalenessReconciler;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** With a server whose watches end when the test says so. */
class InformersCheckTest {
  private static final String GIDS = "/apis/rdmagid.io/v1alpha1/rdmagids";
  private static final Map<String, String> KINDS =
      Map.of(
          GIDS,
          "\"kind\":\"RdmaGidList\",\"apiVersion\":\"rdmagid.io/v1alpha1\"",
          // Of all namespaces, though the Lease that its controller looks at is in one.
          "/apis/rdmagid.io/v1alpha1/rdmagidassignments",
          "\"kind\":\"RdmaGidAssignmentList\",\"apiVersion\":\"rdmagid.io/v1alpha1\"",
          "/api/v1/namespaces/rdmagid/pods",
          "\"kind\":\"PodList\",\"apiVersion\":\"v1\"",
          "/apis/coordination.k8s.io/v1/namespaces/rdmagid/leases",
          "\"kind\":\"LeaseList\",\"apiVersion\":\"coordination.k8s.io/v1\"");

  private final AtomicReference<CountDownLatch> end = new AtomicReference<>(new CountDownLatch(1));
  private final AtomicBoolean gidsRefused = new AtomicBoolean();
  private final AtomicBoolean started = new AtomicBoolean();
  private final FakeServer server = new FakeServer(this::answer);
  private final Operator operator =
      new Operator(settings ->
          settings
              .withKubernetesClient(server.client())
              .withCloseClientOnStop(false)
              .withStopOnInformerErrorDuringStartup(false));
  private final InformersCheck check = new InformersCheck(operator, started::get);

  @AfterEach
  void close() {
    end.get().countDown();
    operator.stop();
    server.close();
  }

  private void answer(FakeServer.Request request, HttpExchange exchange) throws IOException {
    String kind = KINDS.get(request.path());
    if (kind == null) {
      FakeServer.refuse(exchange, HttpURLConnection.HTTP_NOT_FOUND);
    } else if (request.path().equals(GIDS) && gidsRefused.get()) {
      FakeServer.refuse(exchange, HttpURLConnection.HTTP_INTERNAL_ERROR);
    } else if ("websocket".equalsIgnoreCase(exchange.getRequestHeaders().getFirst("Upgrade"))) {
      // No web sockets: the client asks again without.
      FakeServer.refuse(exchange, HttpURLConnection.HTTP_UNAVAILABLE);
    } else if (request.query().contains("watch=true")) {
      watch(exchange, kind.replace("List\"", "\""));
    } else {
      FakeServer.send(
          exchange,
          HttpURLConnection.HTTP_OK,
          "{" + kind + ",\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[]}");
    }
  }

  /** To the client a watch without web socket is none before its first event. */
  private void watch(HttpExchange exchange, String kind) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(HttpURLConnection.HTTP_OK, 0);
    OutputStream events = exchange.getResponseBody();
    String bookmark =
        "{\"type\":\"BOOKMARK\",\"object\":{"
            + kind
            + ",\"metadata\":{\"resourceVersion\":\"1\"}}}\n";
    events.write(bookmark.getBytes(StandardCharsets.UTF_8));
    events.flush();
    try {
      end.get().await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  @Timeout(180)
  void aWatchThatEndsAndDoesNotComeBackIsNamed() {
    operator.register(
        new StalenessReconciler(server.client(), "rdmagid", Clock.systemUTC()),
        (ControllerConfigurationOverrider<Lease> settings) -> settings.settingNamespace("rdmagid"));
    operator.register(
        new CleaningReconciler(
            server.client(), new ClusterFacts(), new SimpleMeterRegistry(), Clock.systemUTC()),
        (ControllerConfigurationOverrider<Lease> settings) -> settings.settingNamespace("rdmagid"));
    assertThat(check.get()).isEqualTo(CheckResult.failing("not all objects are read yet"));
    operator.start();
    started.set(true);
    await(CheckResult.passing()::equals);

    gidsRefused.set(true);
    end.getAndSet(new CountDownLatch(1)).countDown();
    await(CheckResult.failing("no watch: staleness/gids")::equals);

    gidsRefused.set(false);
    await(CheckResult.passing()::equals);
  }

  /** Nothing tells of an informer's health: it has to be asked for. */
  private void await(Predicate<CheckResult> expected) {
    Instant late = Instant.now().plus(Duration.ofMinutes(1));
    CheckResult last = check.get();
    while (!expected.test(last)) {
      assertThat(Instant.now()).as("%s", last).isBefore(late);
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
      last = check.get();
    }
  }
}
