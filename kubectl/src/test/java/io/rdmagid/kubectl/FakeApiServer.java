package io.rdmagid.kubectl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Answers reads as an API server would: lists in pages, by namespace, label and field. Its objects
 * come from a file; nothing checks them, as nothing does where a later version wrote them.
 */
final class FakeApiServer implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern PATH =
      Pattern.compile("/(?:api/v1|apis/[^/]+/[^/]+)(?:/namespaces/([^/]+))?/([a-z]+)(?:/([^/]+))?");
  private static final Map<String, String> KINDS =
      Map.of(
          "rdmagids", "RdmaGid",
          "rdmagidpools", "RdmaGidPool",
          "rdmagidassignments", "RdmaGidAssignment",
          "pods", "Pod",
          "events", "Event");

  private final HttpServer server;
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final Map<String, Integer> refusals = new ConcurrentHashMap<>();
  private final int largestPage;
  private volatile List<JsonNode> objects;

  private FakeApiServer(HttpServer server, List<JsonNode> objects, int largestPage) {
    this.server = server;
    this.objects = objects;
    this.largestPage = largestPage;
  }

  /** With the objects of {@code clusters/NAME.yaml}. */
  static FakeApiServer of(String cluster) {
    return of(cluster, Integer.MAX_VALUE);
  }

  static FakeApiServer of(String cluster, int largestPage) {
    return of(cluster, largestPage, Map.of());
  }

  /** The same with other names: those that are keys have become their values. */
  static FakeApiServer renamed(String cluster, Map<String, String> names) {
    return of(cluster, Integer.MAX_VALUE, names);
  }

  private static FakeApiServer of(String cluster, int largestPage, Map<String, String> names) {
    try {
      HttpServer http =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      FakeApiServer server = new FakeApiServer(http, objects(cluster, names), largestPage);
      http.createContext("/", server::answer);
      http.start();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<JsonNode> objects(String cluster, Map<String, String> names)
      throws IOException {
    String text = Files.readString(Path.of("src/test/resources/clusters", cluster + ".yaml"));
    for (Map.Entry<String, String> name : names.entrySet()) {
      text = text.replace(name.getKey(), name.getValue());
    }
    return new YAMLMapper().readerFor(JsonNode.class).<JsonNode>readValues(text).readAll();
  }

  /** From now on the objects are those of another {@code clusters/NAME.yaml}. */
  void become(String cluster) {
    try {
      objects = objects(cluster, Map.of());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** From now on requests for this plural are answered with this code. */
  void refuse(String plural, int code) {
    refusals.put(plural, code);
  }

  /** The queries so far, with their paths. */
  List<String> requests() {
    return requests;
  }

  /** A kubeconfig whose current context has this namespace. */
  Path kubeconfig(Path folder, String namespace) {
    try {
      return Files.writeString(
          folder.resolve("kubeconfig"),
          """
          apiVersion: v1
          kind: Config
          current-context: here
          clusters: [{name: here, cluster: {server: "http://127.0.0.1:%d"}}]
          users: [{name: here, user: {token: "none"}}]
          contexts: [{name: here, context: {cluster: here, user: here, namespace: %s}}]
          """
              .formatted(server.getAddress().getPort(), namespace));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    requests.add(exchange.getRequestURI().toString());
    Matcher path = PATH.matcher(exchange.getRequestURI().getPath());
    if (!path.matches() || !KINDS.containsKey(path.group(2))) {
      send(exchange, 404, status(404, "the server could not find the requested resource"));
      return;
    }
    Integer refused = refusals.get(path.group(2));
    if (refused != null) {
      String what = path.group(2) + " is forbidden: User \"jo\" cannot list resource";
      send(exchange, refused, status(refused, refused == 404 ? "page not found" : what));
      return;
    }
    List<JsonNode> found =
        objects.stream()
            .filter(object -> object.path("kind").asText().equals(KINDS.get(path.group(2))))
            .filter(object -> matches(path.group(1), object.at("/metadata/namespace")))
            .filter(object -> matches(path.group(3), object.at("/metadata/name")))
            .toList();
    if (path.group(3) == null) {
      send(exchange, 200, page(query(exchange), found));
    } else if (found.isEmpty()) {
      send(exchange, 404, status(404, "not found"));
    } else {
      send(exchange, 200, found.getFirst());
    }
  }

  private static boolean matches(String wanted, JsonNode value) {
    return wanted == null || wanted.equals(value.asText());
  }

  private ObjectNode page(Map<String, String> query, List<JsonNode> found) {
    List<JsonNode> selected = new ArrayList<>(found);
    String fields = query.getOrDefault("fieldSelector", "");
    for (String field : fields.isEmpty() ? List.<String>of() : List.of(fields.split(",", -1))) {
      List<String> pair = List.of(field.split("==?", 2));
      String pointer = "/" + pair.getFirst().replace('.', '/');
      selected.removeIf(object -> !object.at(pointer).asText().equals(pair.getLast()));
    }
    String label = query.getOrDefault("labelSelector", "");
    if (!label.isEmpty()) {
      List<String> pair = List.of(label.split("==?", 2));
      selected.removeIf(object -> {
        JsonNode value = object.path("metadata").path("labels").path(pair.getFirst());
        return value.isMissingNode() || (pair.size() > 1 && !value.asText().equals(pair.getLast()));
      });
    }
    int from = Integer.parseInt(query.getOrDefault("continue", "0"));
    int limit =
        Math.min(
            largestPage,
            Integer.parseInt(query.getOrDefault("limit", Integer.toString(Integer.MAX_VALUE))));
    int to = (int) Math.min(selected.size(), from + (long) limit);
    ObjectNode list = JsonNodeFactory.instance.objectNode();
    list.put("apiVersion", "v1").put("kind", "List");
    ObjectNode metadata = list.putObject("metadata").put("resourceVersion", "1");
    if (to < selected.size()) {
      metadata.put("continue", Integer.toString(to));
    }
    selected.subList(from, to).forEach(list.putArray("items")::add);
    return list;
  }

  private static Map<String, String> query(HttpExchange exchange) {
    Map<String, String> query = new HashMap<>();
    String raw = exchange.getRequestURI().getRawQuery();
    for (String part : raw == null ? List.<String>of() : List.of(raw.split("&", -1))) {
      List<String> pair = List.of(part.split("=", 2));
      query.put(pair.getFirst(), URLDecoder.decode(pair.getLast(), StandardCharsets.UTF_8));
    }
    return query;
  }

  private static ObjectNode status(int code, String message) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("apiVersion", "v1")
        .put("kind", "Status")
        .put("status", "Failure")
        .put("code", code)
        .put("message", message);
  }

  private static void send(HttpExchange exchange, int code, JsonNode body) throws IOException {
    byte[] bytes = JSON.writeValueAsBytes(body);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(code, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
