package io.rdmagid.operator;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodListBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * An API server with the objects of a file, which shows what was written to it. A
 * PodDisruptionBudget in the file has nothing left for the pods of its namespace.
 */
public final class GoldenServer implements AutoCloseable {
  private static final int TOO_MANY_REQUESTS = 429;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Golden golden;
  private final Map<String, Event> events = Collections.synchronizedMap(new LinkedHashMap<>());
  private final List<String> evictions = Collections.synchronizedList(new ArrayList<>());
  private final Map<String, ObjectNode> applied =
      Collections.synchronizedMap(new LinkedHashMap<>());
  private final FakeServer server = new FakeServer(this::answer);
  private volatile Optional<Integer> eventRefusal = Optional.empty();

  /** Starts one. */
  public GoldenServer(Golden golden) {
    this.golden = golden;
  }

  /** Of this server; closed with it. */
  public KubernetesClient client() {
    return server.client();
  }

  /** Answers each Event from now on by that code. */
  public void refuseEvents(int code) {
    eventRefusal = Optional.of(code);
  }

  /** The Events that were written, in order, in the words of {@code kubectl describe}. */
  public List<Map<String, String>> events() {
    return events.values().stream().map(GoldenServer::shown).toList();
  }

  private static Map<String, String> shown(Event event) {
    Map<String, String> shown = new LinkedHashMap<>();
    shown.put("type", event.getType());
    shown.put("reason", event.getReason());
    shown.put("action", event.getAction());
    shown.put(
        "regarding",
        String.join(
            " ",
            event.getRegarding().getKind(),
            event.getRegarding().getNamespace() + "/" + event.getRegarding().getName(),
            event.getRegarding().getUid()));
    shown.put("note", event.getNote());
    shown.put("name", event.getMetadata().getNamespace() + "/" + event.getMetadata().getName());
    shown.put("time", event.getEventTime().getTime());
    shown.put("from", event.getReportingController() + " " + event.getReportingInstance());
    return shown;
  }

  /** The pods whose eviction was asked for, in order, and what became of it. */
  public List<String> evictions() {
    return List.copyOf(evictions);
  }

  /** The status that was applied last since it was asked for, by the object's kind and name. */
  public Map<String, Object> takeApplied() {
    Map<String, Object> last = new TreeMap<>();
    applied.forEach((name, object) -> last.put(name, object.get("status")));
    applied.clear();
    return last;
  }

  private void answer(FakeServer.Request request, HttpExchange exchange) throws IOException {
    String[] path = request.path().substring(1).split("/", -1);
    String last = path[path.length - 1];
    switch (request.method() + " " + last) {
      case "POST events" -> tell(Serialization.unmarshal(request.body(), Event.class), exchange);
      case "POST eviction" ->
          evict(path[3] + "/" + path[5], request.body().contains("\"All\""), exchange);
      case "POST configmaps" -> FakeServer.send(exchange, 201, request.body());
      case "PATCH status" -> apply(request.body(), exchange);
      case "GET pods" ->
          FakeServer.send(
              exchange,
              200,
              Serialization.asJson(
                  new PodListBuilder()
                      .withNewMetadata()
                      .endMetadata()
                      .withItems(
                          golden.objects(Pod.class).stream()
                              .filter(pod -> pod.getMetadata().getNamespace().equals(path[3]))
                              .toList())
                      .build()));
      default -> {
        Optional<HasMetadata> found =
            request.method().equals("GET") && path.length == 6
                ? object(path[4], path[3], last)
                : Optional.empty();
        if (found.isPresent()) {
          FakeServer.send(exchange, 200, Serialization.asJson(found.get()));
        } else {
          FakeServer.refuse(exchange, 404);
        }
      }
    }
  }

  private Optional<HasMetadata> object(String plural, String namespace, String name) {
    List<? extends HasMetadata> all =
        switch (plural) {
          case "pods" -> golden.objects(Pod.class);
          case "configmaps" -> golden.objects(ConfigMap.class);
          default -> List.of();
        };
    return all.stream()
        .filter(object ->
            object.getMetadata().getNamespace().equals(namespace)
                && object.getMetadata().getName().equals(name))
        .<HasMetadata>map(object -> object)
        .findFirst();
  }

  private void tell(Event event, HttpExchange exchange) throws IOException {
    String name = event.getMetadata().getNamespace() + "/" + event.getMetadata().getName();
    Optional<Integer> refusal = eventRefusal;
    if (refusal.isPresent()) {
      FakeServer.refuse(exchange, refusal.get());
    } else if (events.putIfAbsent(name, event) == null) {
      FakeServer.send(exchange, 201, Serialization.asJson(event));
    } else {
      FakeServer.refuse(exchange, 409);
    }
  }

  private void evict(String pod, boolean dryRun, HttpExchange exchange) throws IOException {
    List<PodDisruptionBudget> budgets = golden.objects(PodDisruptionBudget.class);
    evictions.add(pod + (dryRun ? " asked only" : "") + (budgets.isEmpty() ? "" : " refused"));
    if (budgets.isEmpty()) {
      FakeServer.send(exchange, 201, "{\"kind\":\"Status\",\"apiVersion\":\"v1\"}");
    } else {
      // As Kubernetes 1.36 says it.
      FakeServer.send(
          exchange,
          TOO_MANY_REQUESTS,
          """
          {"kind":"Status","apiVersion":"v1","status":"Failure","code":429,"reason":"TooManyRequests",
           "message":"Cannot evict pod as it would violate the pod's disruption budget.",
           "details":{"causes":[{"reason":"DisruptionBudget",
             "message":"The disruption budget %s needs 2 healthy pods and has 2 currently"}]}}
          """
              .formatted(budgets.getFirst().getMetadata().getName()));
    }
  }

  private void apply(String body, HttpExchange exchange) throws IOException {
    ObjectNode object = (ObjectNode) JSON.readTree(body);
    applied.put(object.get("kind").asText() + " " + object.at("/metadata/name").asText(), object);
    FakeServer.send(exchange, 200, body);
  }

  @Override
  public void close() {
    server.close();
  }
}
