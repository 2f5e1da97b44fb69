package io.rdmagid.deviceplugin.cluster;

import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.rdmagid.api.naming.NodeMetadata;
import io.rdmagid.api.naming.RdmaGidName;
import io.rdmagid.api.v1alpha1.RdmaGid;
import io.rdmagid.api.v1alpha1.RdmaGidSpec;
import io.rdmagid.api.v1alpha1.RdmaGidStatus;
import io.rdmagid.deviceplugin.inventory.Device;
import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.inventory.Port;
import io.rdmagid.deviceplugin.inventory.UnreadDevice;
import io.rdmagid.deviceplugin.workload.HeldPort;
import io.rdmagid.deviceplugin.workload.PortOffer;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the API server to what the inventory says, writing only what differs from what the server
 * has. Where that is not known for certain (at the start, after any failure, when the Node was made
 * again) it is read first: an agent that restarts writes nothing, and a write whose answer was lost
 * is not made twice. Listed is at the start and when the names are forgotten; else each object that
 * is, was or may have been the agent's is asked for by its name, and after a failure those only of
 * which the server may have something else. Of a device that is there but cannot be read nothing is
 * written and nothing deleted, unless it will not be read before somebody does something: its ports
 * say so. How often is written, {@link WritePace} decides.
 *
 * <p>Not thread-safe: one thread calls {@link #publish}.
 */
final class ClusterPublisher {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterPublisher.class);

  /** The Node among the objects that are refused; names of RdmaGids have dots. */
  private static final String NODE = "node";

  private static final int TOO_MANY_REQUESTS = 429;

  private final ClusterApi api;
  private final String nodeName;
  private final PublishMetrics metrics;
  private final Clock clock;
  private final LongSupplier nanoTime;
  private final Map<String, KnownObject> known = new HashMap<>();

  private final WritePace pace;

  /** The objects of which a write or deletion has no answer. */
  private final Set<String> unanswered = new HashSet<>();

  /** When the change came in what the rounds before left to do, by object. */
  private Map<String, Instant> leftBefore = Map.of();

  private PublishRound round = new PublishRound();
  private ClusterApi.@Nullable NodeState node;
  private boolean current;
  private boolean listed;

  /** All objects have been read since they were to be; the unanswered may differ all the same. */
  private boolean objectsRead;

  /**
   * Publishes nothing yet.
   *
   * @param pace decides how often is written
   * @param clock for what is written
   * @param nanoTime for what has to wait, usually {@code System.nanoTime}
   */
  ClusterPublisher(
      ClusterApi api,
      String nodeName,
      PublishMetrics metrics,
      WritePace pace,
      Clock clock,
      LongSupplier nanoTime) {
    this.api = api;
    this.nodeName = nodeName;
    this.metrics = metrics;
    this.pace = pace;
    this.clock = clock;
    this.nanoTime = nanoTime;
  }

  /** What {@link #publish} leaves to do. */
  sealed interface Outcome {
    /**
     * The server has everything but what is told here.
     *
     * @param refused of how many objects it refuses a change
     * @param dueAt when the first of those that have to wait may be written, if any has; of the
     *     same source as {@code nanoTime}
     */
    record Published(int refused, OptionalLong dueAt) implements Outcome {}

    /** The Node is not registered: its objects would have no owner. */
    record NodeMissing() implements Outcome {}
  }

  /** Makes the next {@link #publish} read what the server has. */
  void forget() {
    objectsRead = false;
    current = false;
  }

  /** The same, also of objects whose names this agent has no reason to know. */
  void forgetNames() {
    listed = false;
    forget();
  }

  /**
   * Writes what differs. A refusal that concerns one object is reported, and the others are written
   * all the same.
   *
   * @param offers what the pools make of the ports; empty while nobody knows, and then the server
   *     keeps what it has of that
   * @param changedAt when the oldest change in it reached the agent
   * @throws KubernetesClientException if any other request fails; the next call starts by reading
   */
  Outcome publish(
      Inventory inventory, Optional<Map<HeldPort, PortOffer>> offers, Instant changedAt) {
    if (!current) {
      ClusterApi.NodeState former = node;
      node = api.node().orElse(null);
      if (node != null) {
        objectsRead &= former != null && former.uid().equals(node.uid());
        read(node, inventory);
      }
    }
    ClusterApi.NodeState owner = node;
    if (owner == null) {
      return new Outcome.NodeMissing();
    }
    current = false; // until all requests have their answer
    round = new PublishRound();
    Map<String, PublishedNode.Row> summary = new HashMap<>();
    for (Device device : inventory.devices()) {
      for (Port port : device.ports()) {
        HeldPort held = new HeldPort(device.name(), port.number());
        publish(
            held,
            (said, since) ->
                PortStatus.of(
                    device, port, PoolFacts.of(offers, held, said, clock), said, since, clock),
            owner.uid(),
            changedAt,
            summary);
      }
    }
    for (UnreadDevice device : inventory.unreadDevices()) {
      for (int port : device.ports()) {
        HeldPort held = new HeldPort(device.name(), port);
        publish(
            held,
            (said, since) ->
                PortStatus.of(device, PoolFacts.of(offers, held, said, clock), said, since, clock),
            owner.uid(),
            changedAt,
            summary);
      }
    }
    for (String name : List.copyOf(known.keySet())) {
      if (!summary.containsKey(name)) {
        keepOrDelete(name, inventory.unread(), changedAt, summary);
      }
    }
    publish(owner, PublishedNode.of(List.copyOf(summary.values())), changedAt);
    current = true;
    leftBefore = round.left();
    pace.tidy(nanoTime.getAsLong());
    return round.outcome();
  }

  /**
   * Takes over what the server has; an object of a Node that was made again has no owner, and gets
   * one.
   */
  private void read(ClusterApi.NodeState owner, Inventory inventory) {
    Set<String> names = objectsRead ? Set.copyOf(unanswered) : names(inventory);
    List<RdmaGid> objects = listed ? named(names) : api.list();
    listed = true;
    objectsRead = true;
    unanswered.clear();
    Map<String, KnownObject> before = Map.copyOf(known);
    known.keySet().removeAll(names);
    for (RdmaGid object : objects) {
      String name = object.getMetadata().getName();
      boolean owned =
          object.getMetadata().getOwnerReferences().stream()
              .map(OwnerReference::getUid)
              .anyMatch(owner.uid()::equals);
      known.put(
          name,
          before
              .getOrDefault(name, KnownObject.NOTHING)
              .readAgain(object.getSpec(), owned, object.getStatus()));
    }
  }

  /** Of the objects that the server may have of this Node, by what it was asked to have. */
  private Set<String> names(Inventory inventory) {
    Set<String> names = new TreeSet<>(known.keySet());
    names.addAll(unanswered);
    for (Device device : inventory.devices()) {
      device.ports().forEach(port -> names.add(name(device.name(), port.number())));
    }
    for (UnreadDevice device : inventory.unreadDevices()) {
      device.ports().forEach(port -> names.add(name(device.name(), port)));
    }
    return names;
  }

  private List<RdmaGid> named(Set<String> names) {
    return names.stream()
        .map(api::find)
        .flatMap(Optional::stream)
        // A name carries a hash of eight digits only.
        .filter(object -> object.getSpec() != null && nodeName.equals(object.getSpec().nodeName()))
        .toList();
  }

  private String name(String device, int port) {
    return RdmaGidName.of(nodeName, device, port);
  }

  /** What is to be said of a port, after what was said of it and with the time of the change. */
  private interface Saying {
    RdmaGidStatus after(@Nullable RdmaGidStatus said, Instant since);
  }

  /** Writes one object if it differs, and adds it to the summary. */
  private void publish(
      HeldPort port,
      Saying saying,
      String nodeUid,
      Instant changedAt,
      Map<String, PublishedNode.Row> summary) {
    String name = name(port.device(), port.port());
    RdmaGidSpec spec = new RdmaGidSpec(nodeName, port.device(), port.port());
    Instant since = leftBefore.getOrDefault(name, changedAt);
    KnownObject before = known.getOrDefault(name, KnownObject.NOTHING);
    // Not what was read: the garbage collector may have taken the object of a former Node since.
    boolean owned =
        before.owned()
            || written(
                name,
                since,
                () ->
                    known.put(
                        name, before.readAgain(spec, true, api.applySpec(name, spec, nodeUid))));
    KnownObject object = known.getOrDefault(name, before);
    RdmaGidStatus said = object.said();
    RdmaGidStatus status = saying.after(said, since);
    WritePace.Difference difference = PortStatus.difference(said, status);
    OptionalLong tellableAt = pace.tellableAt(name, difference, nanoTime.getAsLong());
    if (said != null && tellableAt.isPresent()) {
      if (difference == WritePace.Difference.POOLS) {
        round.waits(tellableAt.getAsLong());
      } else {
        round.waits(name, since, tellableAt.getAsLong());
      }
      summary.put(name, PublishedNode.row(spec, said));
      return;
    }
    summary.put(name, PublishedNode.row(spec, status));
    if (!owned || object.says(status)) {
      return;
    }
    if (written(
        name,
        since,
        () ->
            known.put(name, new KnownObject(spec, true, api.applyStatus(name, status), status)))) {
      Duration took = Duration.between(since, clock.instant());
      if (difference != WritePace.Difference.POOLS) {
        metrics.written(took); // no event of the kernel's led to the others
      }
      LOG.atInfo()
          .addKeyValue("rdmagid", name)
          .addKeyValue("eventAt", since)
          .addKeyValue("eventToWriteMillis", took.toMillis())
          .log("published");
    }
  }

  /** Deletes an object that the inventory does not have, unless it is of a device not read. */
  private void keepOrDelete(
      String name, Set<String> unread, Instant changedAt, Map<String, PublishedNode.Row> summary) {
    KnownObject object = known.getOrDefault(name, KnownObject.NOTHING);
    RdmaGidSpec spec = object.spec();
    if (spec != null && spec.device() != null && unread.contains(spec.device())) {
      RdmaGidStatus status = object.said();
      if (status != null) {
        summary.put(name, PublishedNode.row(spec, status));
      }
      return;
    }
    if (written(name, leftBefore.getOrDefault(name, changedAt), () -> api.delete(name))) {
      known.remove(name);
      LOG.atInfo().addKeyValue("rdmagid", name).log("deleted");
    }
  }

  /** Writes the Node if it differs. */
  private void publish(ClusterApi.NodeState owner, PublishedNode wanted, Instant changedAt) {
    if (wanted.isOn(owner.annotations(), owner.labels())) {
      return;
    }
    long now = nanoTime.getAsLong();
    OptionalLong dueAt = pace.nodeDueAt(now);
    if (dueAt.isPresent()) {
      round.waits(NODE, changedAt, dueAt.getAsLong());
      return;
    }
    if (accepted(NODE, changedAt, () -> api.applyNode(wanted))) {
      pace.nodeWritten(now);
      Map<String, String> annotations = new HashMap<>(owner.annotations());
      annotations.put(NodeMetadata.GIDS_ANNOTATION, wanted.annotation());
      node = new ClusterApi.NodeState(owner.uid(), annotations, wanted.writtenOn(owner.labels()));
      metrics.nodeWritten();
      LOG.atInfo().addKeyValue("node", nodeName).log("published");
    }
  }

  /**
   * Writes, or deletes, the object of a port.
   *
   * @param since when the change in it came
   * @return false if it has to wait, or the server refuses it
   */
  private boolean written(String name, Instant since, Runnable request) {
    OptionalLong dueAt = pace.portDueAt(name, nanoTime.getAsLong());
    if (dueAt.isPresent()) {
      round.waits(name, since, dueAt.getAsLong());
      return false;
    }
    unanswered.add(name);
    boolean accepted = accepted(name, since, request);
    unanswered.remove(name);
    if (!accepted) {
      return false;
    }
    pace.portWritten(name, nanoTime.getAsLong());
    return true;
  }

  /**
   * Makes a request.
   *
   * @param since when the change in it came
   * @return false if the server refuses it for what it is, which says nothing of other objects
   */
  private boolean accepted(String object, Instant since, Runnable request) {
    try {
      request.run();
      return true;
    } catch (KubernetesClientException e) {
      if (!concernsOneObject(e.getCode())) {
        throw e;
      }
      if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
        known.remove(object); // somebody deleted it: from the start
      }
      round.refused(object, since);
      metrics.failed();
      LOG.atWarn()
          .addKeyValue("object", object)
          .addKeyValue("reason", e.getMessage())
          .log("API server refused");
      return false;
    }
  }

  /** 4xx, but for those that tell of the agent's credentials or its pace. */
  static boolean concernsOneObject(int code) {
    return code >= HttpURLConnection.HTTP_BAD_REQUEST
        && code < HttpURLConnection.HTTP_INTERNAL_ERROR
        && code != HttpURLConnection.HTTP_UNAUTHORIZED
        && code != HttpURLConnection.HTTP_CLIENT_TIMEOUT
        && code != TOO_MANY_REQUESTS;
  }
}
