package io.rdmagid.deviceplugin.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rdmagid.api.v1alpha1.RdmaGid;
import io.rdmagid.api.v1alpha1.RdmaGidSpec;
import io.rdmagid.api.v1alpha1.RdmaGidStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * An API server with one Node: keeps what is applied as JSON, as the real one does, and notes each
 * write. Safe for use by any thread.
 */
final class FakeClusterApi implements ClusterApi {
  /** When a refused write is refused. */
  enum Refusal {
    BEFORE_EFFECT,
    AFTER_EFFECT
  }

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Map<String, String> objects = new TreeMap<>();
  private final List<String> writes = new ArrayList<>();
  private final List<Condition> foreign = new ArrayList<>();
  private NodeState node = new NodeState("uid-1", Map.of(), Map.of());
  private Refusal refusal;
  private String refusedWrite;
  private final Map<String, Integer> refusedForGood = new TreeMap<>();
  private UnaryOperator<RdmaGidStatus> pruning = UnaryOperator.identity();
  private int reads;
  private int lists;
  private final List<String> asked = new ArrayList<>();

  /** The publisher of node-a, which knows nothing of the server yet. */
  ClusterPublisher publisher(WritePace pace, MutableClock clock) {
    return new ClusterPublisher(
        this,
        "node-a",
        new PublishMetrics(new SimpleMeterRegistry()),
        pace,
        clock,
        clock::nanoTime);
  }

  /**
   * The writes since the last call, in order: "spec NAME", "status NAME", "delete NAME", "node".
   */
  synchronized List<String> takeWrites() {
    List<String> taken = List.copyOf(writes);
    writes.clear();
    return taken;
  }

  synchronized int reads() {
    return reads;
  }

  synchronized int lists() {
    return lists;
  }

  /** The names that were asked for since the last call. */
  synchronized List<String> takeAsked() {
    List<String> taken = List.copyOf(asked);
    asked.clear();
    return taken;
  }

  /** Refuses the next request that starts with {@code request}. */
  synchronized void refuse(String request, Refusal how) {
    refusedWrite = request;
    refusal = how;
  }

  /** Refuses each request of this name with an HTTP status, without effect, until it is allowed. */
  synchronized void refuseForGood(String request, int code) {
    refusedForGood.put(request, code);
  }

  synchronized void allow(String request) {
    refusedForGood.remove(request);
  }

  /** From now on the CRD does not know some of the fields. */
  synchronized void prune(UnaryOperator<RdmaGidStatus> fields) {
    pruning = fields;
  }

  /** Somebody else changes a status. */
  synchronized void change(String name, UnaryOperator<RdmaGidStatus> how) {
    RdmaGid object = object(name);
    object.setStatus(how.apply(object.getStatus()));
    store(name, object);
  }

  /** What another agent wrote. */
  synchronized void put(RdmaGid object) {
    store(object.getMetadata().getName(), object);
  }

  /** Another writer's condition, on each object that is read. */
  synchronized void addForeign(Condition condition) {
    foreign.add(condition);
  }

  synchronized void setNode(NodeState state) {
    node = state;
  }

  synchronized RdmaGid object(String name) {
    return parse(objects.get(name));
  }

  @Override
  public synchronized Optional<NodeState> node() {
    reads++;
    return request("get node", () -> {}).map(_ -> node);
  }

  @Override
  public synchronized List<RdmaGid> list() {
    reads++;
    lists++;
    var _ = request("list", () -> {});
    return objects.values().stream().map(this::read).toList();
  }

  @Override
  public synchronized Optional<RdmaGid> find(String name) {
    reads++;
    asked.add(name);
    var _ = request("find " + name, () -> {});
    return Optional.ofNullable(objects.get(name)).map(this::read);
  }

  private RdmaGid read(String json) {
    RdmaGid object = parse(json);
    if (object.getStatus() != null) {
      List<Condition> conditions = new ArrayList<>(object.getStatus().conditions());
      conditions.addAll(0, foreign);
      object.setStatus(object.getStatus().toBuilder().conditions(conditions).build());
    }
    return object;
  }

  @Override
  public synchronized RdmaGidStatus applySpec(String name, RdmaGidSpec spec, String nodeUid) {
    write(
        "spec " + name,
        () -> {
          RdmaGid object = objects.containsKey(name) ? object(name) : new RdmaGid();
          object.setMetadata(
              new ObjectMetaBuilder()
                  .withName(name)
                  .addNewOwnerReference()
                  .withUid(nodeUid)
                  .endOwnerReference()
                  .build());
          object.setSpec(spec);
          store(name, object);
        });
    return object(name).getStatus();
  }

  @Override
  public synchronized RdmaGidStatus applyStatus(String name, RdmaGidStatus status) {
    write(
        "status " + name,
        () -> {
          RdmaGid object = object(name);
          object.setStatus(pruning.apply(status));
          store(name, object);
        });
    return object(name).getStatus();
  }

  @Override
  public synchronized void delete(String name) {
    write("delete " + name, () -> objects.remove(name));
  }

  @Override
  public synchronized void applyNode(PublishedNode published) {
    write(
        "node",
        () -> {
          Map<String, String> annotations = new HashMap<>(node.annotations());
          annotations.put("rdmagid.io/gids", published.annotation());
          node = new NodeState(node.uid(), annotations, published.writtenOn(node.labels()));
        });
  }

  private void write(String request, Runnable effect) {
    writes.add(request);
    var _ = request(request, effect);
  }

  private Optional<NodeState> request(String request, Runnable effect) {
    Integer code = refusedForGood.get(request);
    if (code != null) {
      throw new KubernetesClientException("the test refuses " + request, code, null);
    }
    boolean refused = refusedWrite != null && request.startsWith(refusedWrite);
    if (refused) {
      refusedWrite = null;
    }
    if (!refused || refusal == Refusal.AFTER_EFFECT) {
      effect.run();
    }
    if (refused) {
      throw new KubernetesClientException("the test refuses " + request);
    }
    return Optional.ofNullable(node);
  }

  private void store(String name, RdmaGid object) {
    try {
      objects.put(name, JSON.writeValueAsString(object));
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private static RdmaGid parse(String json) {
    try {
      return JSON.readValue(json, RdmaGid.class);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }
}
