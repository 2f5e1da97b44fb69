package io.rdmagid.deviceplugin.cluster;

import io.fabric8.kubernetes.api.model.OwnerReference;
import io.rdmagid.api.naming.NodeMetadata;
import io.rdmagid.api.naming.RdmaGidName;
import io.rdmagid.api.v1alpha1.RdmaGid;
import io.rdmagid.api.v1alpha1.RdmaGidSpec;
import io.rdmagid.api.v1alpha1.RdmaGidStatus;
import io.rdmagid.deviceplugin.inventory.Device;
import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.inventory.Port;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the API server to what the inventory says, writing only what differs from what the server
 * has. Where that is not known for certain (at the start, after any failure, when the Node was made
 * again) it is read first: an agent that restarts writes nothing, and a write whose answer was lost
 * is not made twice.
 *
 * <p>Not thread-safe: one thread calls {@link #publish}.
 */
final class ClusterPublisher {
  /**
   * The Node changes at most this often, but for the first change after a quiet time: kubelets and
   * schedulers watch it.
   */
  static final Duration NODE_INTERVAL = Duration.ofSeconds(30);

  private static final Logger LOG = LoggerFactory.getLogger(ClusterPublisher.class);

  private final ClusterApi api;
  private final String nodeName;
  private final PublishMetrics metrics;
  private final Clock clock;
  private final Map<String, Known> known = new HashMap<>();
  private ClusterApi.@Nullable NodeState node;
  private boolean current;
  private @Nullable Instant nodeWrittenAt;

  ClusterPublisher(ClusterApi api, String nodeName, PublishMetrics metrics, Clock clock) {
    this.api = api;
    this.nodeName = nodeName;
    this.metrics = metrics;
    this.clock = clock;
  }

  /** What {@link #publish} leaves to do. */
  sealed interface Outcome {
    /** The server has everything. */
    record Done() implements Outcome {}

    /** The Node's annotation has to wait until then; everything else is there. */
    record NodeDeferred(Instant until) implements Outcome {}

    /** The Node is not registered: its objects would have no owner. */
    record NodeMissing() implements Outcome {}
  }

  /**
   * What the server has of one object.
   *
   * @param owned whether its owner is the Node as it is now
   */
  private record Known(boolean owned, @Nullable RdmaGidStatus status) {
    static final Known NOTHING = new Known(false, null);
  }

  /** Makes the next {@link #publish} read what the server has. */
  void forget() {
    current = false;
  }

  /**
   * Writes what differs.
   *
   * @param changedAt when the oldest change in it reached the agent
   * @throws io.fabric8.kubernetes.client.KubernetesClientException if a request fails; the next
   *     call starts by reading
   */
  Outcome publish(Inventory inventory, Instant changedAt) {
    if (!current) {
      Optional<ClusterApi.NodeState> registered = api.node();
      node = registered.orElse(null);
      if (node == null) {
        return new Outcome.NodeMissing();
      }
      read(node);
      current = true;
    }
    current = false; // until all writes have their answer
    ClusterApi.NodeState owner = node;
    if (owner == null) {
      return new Outcome.NodeMissing();
    }
    Set<String> wanted = new HashSet<>();
    for (Device device : inventory.devices()) {
      for (Port port : device.ports()) {
        wanted.add(publish(device, port, owner.uid(), changedAt));
      }
    }
    for (String name : List.copyOf(known.keySet())) {
      if (!wanted.contains(name)) {
        api.delete(name);
        known.remove(name);
        LOG.atInfo().addKeyValue("rdmagid", name).log("deleted");
      }
    }
    Outcome outcome = publish(owner, PublishedNode.of(inventory));
    current = true;
    return outcome;
  }

  /**
   * Takes over what the server has; an object of a Node that was made again has no owner, and gets
   * one.
   */
  private void read(ClusterApi.NodeState owner) {
    known.clear();
    for (RdmaGid object : api.list()) {
      RdmaGidStatus status = object.getStatus();
      boolean owned =
          object.getMetadata().getOwnerReferences().stream()
              .map(OwnerReference::getUid)
              .anyMatch(owner.uid()::equals);
      known.put(object.getMetadata().getName(), new Known(owned, status));
    }
  }

  /** Writes one object if it differs, and gives its name. */
  private String publish(Device device, Port port, String nodeUid, Instant changedAt) {
    String name = RdmaGidName.of(nodeName, device.name(), port.number());
    Known before = known.getOrDefault(name, Known.NOTHING);
    RdmaGidStatus previous = before.status();
    if (!before.owned()) {
      // Not what was read: the garbage collector may have taken the object of a former Node since.
      previous =
          api.applySpec(name, new RdmaGidSpec(nodeName, device.name(), port.number()), nodeUid);
      known.put(name, new Known(true, previous));
    }
    RdmaGidStatus status = PortStatus.of(device, port, previous, changedAt, clock);
    if (previous != null && PortStatus.sameFacts(previous, status)) {
      return name;
    }
    api.applyStatus(name, status);
    known.put(name, new Known(true, status));
    Duration took = Duration.between(changedAt, clock.instant());
    metrics.written(took);
    LOG.atInfo()
        .addKeyValue("rdmagid", name)
        .addKeyValue("eventAt", changedAt)
        .addKeyValue("eventToWriteMillis", took.toMillis())
        .log("published");
    return name;
  }

  private Outcome publish(ClusterApi.NodeState owner, PublishedNode wanted) {
    if (wanted.isOn(owner.annotations(), owner.labels())) {
      return new Outcome.Done();
    }
    Instant now = clock.instant();
    if (nodeWrittenAt != null && now.isBefore(nodeWrittenAt.plus(NODE_INTERVAL))) {
      return new Outcome.NodeDeferred(nodeWrittenAt.plus(NODE_INTERVAL));
    }
    api.applyNode(wanted);
    nodeWrittenAt = now;
    Map<String, String> annotations = new HashMap<>(owner.annotations());
    annotations.put(NodeMetadata.GIDS_ANNOTATION, wanted.annotation());
    Map<String, String> labels = new HashMap<>(owner.labels());
    labels.putAll(wanted.labels());
    node = new ClusterApi.NodeState(owner.uid(), annotations, labels);
    metrics.nodeWritten();
    LOG.atInfo().addKeyValue("node", nodeName).log("published");
    return new Outcome.Done();
  }
}
