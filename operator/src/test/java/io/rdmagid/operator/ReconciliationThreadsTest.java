package io.rdmagid.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ReconciliationThreadsTest {
  private static final int MOST = 4;

  private final CountDownLatch started = new CountDownLatch(MOST);
  private final CountDownLatch end = new CountDownLatch(1);

  /** One that is busy until the test ends, as many objects as there are. */
  @ControllerConfiguration(name = "busy")
  private record Busy(CountDownLatch started, CountDownLatch end) implements Reconciler<ConfigMap> {
    @Override
    public UpdateControl<ConfigMap> reconcile(ConfigMap object, Context<ConfigMap> context)
        throws InterruptedException {
      started.countDown();
      end.await();
      return UpdateControl.noUpdate();
    }
  }

  @ControllerConfiguration(name = "few")
  private record Few(CompletableFuture<String> done) implements Reconciler<Lease> {
    @Override
    public UpdateControl<Lease> reconcile(Lease object, Context<Lease> context) {
      done.complete(object.getMetadata().getName());
      return UpdateControl.noUpdate();
    }
  }

  /** By what the SDK of now gives to its executor. */
  @Test
  @Timeout(120)
  void whoeverHasFewObjectsDoesNotWaitBehindRecords()
      throws ExecutionException, InterruptedException, TimeoutException {
    CompletableFuture<String> few = new CompletableFuture<>();
    try (FakeServer server = new FakeServer(this::answer)) {
      Operator operator =
          new Operator(settings ->
              settings
                  .withKubernetesClient(server.client())
                  .withCloseClientOnStop(false)
                  .withExecutorService(new ReconciliationThreads(Set.of("busy"), MOST)));
      operator.register(new Busy(started, end));
      operator.register(new Few(few));
      operator.start();
      try {
        assertThat(started.await(1, TimeUnit.MINUTES)).as("all its threads").isTrue();
        assertThat(few.get(1, TimeUnit.MINUTES)).isEqualTo("object-0");
      } finally {
        end.countDown();
        operator.stop();
      }
    }
  }

  @Test
  @Timeout(120)
  void allEndTogether() throws InterruptedException {
    ReconciliationThreads threads = new ReconciliationThreads(Set.of("busy"), 1);
    List<String> done = new ArrayList<>();
    CountDownLatch both = new CountDownLatch(2);
    for (String text : List.of("busy -> a", "few -> b")) {
      threads.execute(
          new Runnable() {
            @Override
            public void run() {
              synchronized (done) {
                done.add(text + " " + Thread.currentThread().getName().startsWith("records-"));
              }
              both.countDown();
            }

            @Override
            public String toString() {
              return text;
            }
          });
    }
    assertThat(both.await(1, TimeUnit.MINUTES)).isTrue();
    threads.shutdown();
    assertThat(threads.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
    assertThat(threads.isTerminated()).isTrue();
    assertThat(done).containsExactlyInAnyOrder("busy -> a true", "few -> b false");
  }

  private void answer(FakeServer.Request request, HttpExchange exchange) throws IOException {
    boolean records = request.path().endsWith("/configmaps");
    Class<? extends HasMetadata> type = records ? ConfigMap.class : Lease.class;
    String version = HasMetadata.getApiVersion(type);
    if ("websocket".equalsIgnoreCase(exchange.getRequestHeaders().getFirst("Upgrade"))) {
      FakeServer.refuse(exchange, HttpURLConnection.HTTP_UNAVAILABLE);
    } else if (request.query().contains("watch=true")) {
      watch(exchange, HasMetadata.getKind(type), version);
    } else {
      if (!records) {
        awaitBusy();
      }
      List<String> items = new ArrayList<>();
      for (int i = 0; i < (records ? 2 * MOST : 1); i++) {
        items.add(
            "{\"metadata\":{\"namespace\":\"team\",\"name\":\"object-%d\",\"uid\":\"%1$d\",\"resourceVersion\":\"1\"}}"
                .formatted(i));
      }
      FakeServer.send(
          exchange,
          HttpURLConnection.HTTP_OK,
          "{\"kind\":\"%sList\",\"apiVersion\":\"%s\",\"metadata\":{\"resourceVersion\":\"1\"},\"items\":%s}"
              .formatted(HasMetadata.getKind(type), version, items));
    }
  }

  /** The few come when all threads for records have theirs. */
  private void awaitBusy() {
    try {
      boolean _ = started.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** To the client a watch without web socket is none before its first event. */
  private void watch(HttpExchange exchange, String kind, String version) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(HttpURLConnection.HTTP_OK, 0);
    OutputStream events = exchange.getResponseBody();
    events.write(
        "{\"type\":\"BOOKMARK\",\"object\":{\"kind\":\"%s\",\"apiVersion\":\"%s\",\"metadata\":{\"resourceVersion\":\"1\"}}}\n"
            .formatted(kind, version)
            .getBytes(StandardCharsets.UTF_8));
    events.flush();
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
