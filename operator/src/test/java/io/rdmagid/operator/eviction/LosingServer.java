package io.rdmagid.operator.eviction;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodListBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.rdmagid.api.v1alpha1.RdmaGidAssignment;
import io.rdmagid.api.v1alpha1.RdmaGidPool;
import io.rdmagid.api.v1alpha1.RdmaGidPoolStatus;
import io.rdmagid.operator.FakeServer;
import io.rdmagid.operator.FakeServer.Request;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An API server that keeps what the operator writes, and at one of its writes loses it: the
 * connection ends before the write is done, or before it is answered, and so does each after it,
 * until another operator comes.
 */
final class LosingServer implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Map<String, Pod> pods = new LinkedHashMap<>();
  private final Map<String, RdmaGidAssignment> assignments = new LinkedHashMap<>();
  private final Map<String, Event> events = new LinkedHashMap<>();
  private final List<String> evicted = new ArrayList<>();
  private final FakeServer server = new FakeServer(this::answer);
  private RdmaGidPool pool;
  private @Nullable ConfigMap budget;
  private int version = 1;
  private int writes;
  private int lostAt = -1;
  private boolean done;
  private boolean lost;

  /** What the server answers. */
  private record Answer(int code, String body) {
    private static final Answer CONFLICT = status(409);
    private static final Answer NOT_FOUND = status(404);

    private static Answer status(int code) {
      return new Answer(
          code,
          "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"code\":%d}"
              .formatted(code));
    }

    private static Answer of(HasMetadata object) {
      return new Answer(200, Serialization.asJson(object));
    }
  }

  /** Of one pool. */
  LosingServer(RdmaGidPool pool) {
    this.pool = pool;
    pool.getMetadata().setResourceVersion("1");
    pool.setStatus(new RdmaGidPoolStatus(null, null, null, null, null, null, List.of()));
  }

  KubernetesClient client() {
    return server.client();
  }

  /** A pod that is there, and what it holds. */
  synchronized void put(Pod pod, RdmaGidAssignment assignment) {
    pods.put(pod.getMetadata().getName(), pod);
    assignments.put(pod.getMetadata().getName(), assignment);
  }

  /** Pods that are being deleted go, with what they held. */
  synchronized void go() {
    pods.values().removeIf(pod -> pod.getMetadata().getDeletionTimestamp() != null);
    assignments.keySet().retainAll(pods.keySet());
  }

  /**
   * Loses the operator.
   *
   * @param write which one, from 0
   * @param afterwards whether that write is done before
   */
  synchronized void loseAt(int write, boolean afterwards) {
    lostAt = write;
    done = afterwards;
  }

  /** Whether it was lost; another is answered again. */
  synchronized boolean wasLost() {
    boolean was = lost;
    lost = false;
    return was;
  }

  /** How many there were, requests that only ask for a dry run among them. */
  synchronized int writes() {
    return writes;
  }

  synchronized RdmaGidPool pool() {
    return Serialization.clone(pool);
  }

  synchronized List<RdmaGidAssignment> assignments() {
    return List.copyOf(assignments.values());
  }

  /** The names of the pods that the server agreed to evict, in order, each time. */
  synchronized List<String> evicted() {
    return List.copyOf(evicted);
  }

  /** The Events that were written, "reason pod", in order. */
  synchronized List<String> told() {
    return events.values().stream()
        .map(event -> event.getReason() + " " + event.getRegarding().getName())
        .toList();
  }

  /** Whom the cluster's budget counts. */
  synchronized List<String> charged() {
    return budget == null ? List.of() : budget.getData().get("evictions").lines().toList();
  }

  private synchronized void answer(Request request, HttpExchange exchange) throws IOException {
    if (!request.method().equals("GET")) {
      lost |= writes++ == lostAt;
      if (lost && (!done || writes - 1 != lostAt)) {
        return;
      }
    }
    Answer answer = handle(request);
    if (!lost) {
      FakeServer.send(exchange, answer.code(), answer.body());
    }
  }

  private Answer handle(Request request) throws IOException {
    String[] path = request.path().substring(1).split("/", -1);
    String last = path[path.length - 1];
    return switch (request.method() + " " + last) {
      case "POST events" -> tell(Serialization.unmarshal(request.body(), Event.class));
      case "POST eviction" -> evict(path[5], JSON.readTree(request.body()));
      case "PATCH status" -> apply(Serialization.unmarshal(request.body(), RdmaGidPool.class));
      case "POST configmaps", "PUT " + ConfigMapBudget.NAME ->
          budget(Serialization.unmarshal(request.body(), ConfigMap.class));
      case "GET " + ConfigMapBudget.NAME -> budget == null ? Answer.NOT_FOUND : Answer.of(budget);
      case "GET pods" ->
          new Answer(
              200,
              Serialization.asJson(
                  new PodListBuilder()
                      .withNewMetadata()
                      .endMetadata()
                      .withItems(List.copyOf(pods.values()))
                      .build()));
      default -> {
        Pod pod = request.method().equals("GET") ? pods.get(last) : null;
        yield pod == null ? Answer.NOT_FOUND : Answer.of(pod);
      }
    };
  }

  private Answer tell(Event event) {
    return events.putIfAbsent(event.getMetadata().getName(), event) == null
        ? Answer.of(event)
        : Answer.CONFLICT;
  }

  private Answer evict(String name, JsonNode eviction) {
    Pod pod = pods.get(name);
    if (pod == null) {
      return Answer.NOT_FOUND;
    }
    String uid = eviction.at("/deleteOptions/preconditions/uid").asText();
    if (!uid.equals(pod.getMetadata().getUid())) {
      return Answer.CONFLICT;
    }
    if (eviction.at("/deleteOptions/dryRun").isEmpty()) {
      evicted.add(name);
      pod.getStatus()
          .getConditions()
          .add(
              new PodConditionBuilder()
                  .withType("DisruptionTarget")
                  .withStatus("True")
                  .withReason("EvictionByEvictionAPI")
                  .build());
      pod.getMetadata().setDeletionTimestamp("2026-03-01T12:00:00Z");
    }
    return new Answer(201, "{\"kind\":\"Status\",\"apiVersion\":\"v1\"}");
  }

  /** What is the failover's, in the place of what was. */
  private Answer apply(RdmaGidPool applied) {
    if (!pool.getMetadata()
        .getResourceVersion()
        .equals(applied.getMetadata().getResourceVersion())) {
      return Answer.CONFLICT;
    }
    RdmaGidPoolStatus before = pool.getStatus().withoutFailover();
    pool.setStatus(
        new RdmaGidPoolStatus(
            before.effective(),
            before.nodes(),
            before.ports(),
            before.healthy(),
            before.allocated(),
            applied.getStatus().failover(),
            Stream.concat(before.conditions().stream(), applied.getStatus().conditions().stream())
                .toList()));
    pool.getMetadata().setResourceVersion(Integer.toString(++version));
    return Answer.of(pool);
  }

  private Answer budget(ConfigMap next) {
    String read = next.getMetadata().getResourceVersion();
    if (!Objects.equals(read, budget == null ? null : budget.getMetadata().getResourceVersion())) {
      return Answer.CONFLICT;
    }
    next.getMetadata().setResourceVersion(Integer.toString(++version));
    budget = next;
    return Answer.of(next);
  }

  @Override
  public void close() {
    server.close();
  }
}
