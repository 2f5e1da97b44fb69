package io.rdmagid.kubectl.snapshot;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.rdmagid.api.naming.PodMetadata;
import io.rdmagid.api.v1alpha1.AssignmentMapping;
import io.rdmagid.api.v1alpha1.Parsed;
import io.rdmagid.api.v1alpha1.ParsedAssignment;
import io.rdmagid.api.v1alpha1.ParsedPool;
import io.rdmagid.api.v1alpha1.PoolParser;
import io.rdmagid.api.v1alpha1.RdmaGid;
import io.rdmagid.api.v1alpha1.RdmaGidAssignment;
import io.rdmagid.api.v1alpha1.RdmaGidAssignmentStatus;
import io.rdmagid.api.v1alpha1.RdmaGidParser;
import io.rdmagid.api.v1alpha1.RdmaGidPool;
import io.rdmagid.api.v1alpha1.RdmaGidPoolStatus;
import io.rdmagid.api.v1alpha1.RdmaGidStatus;
import io.rdmagid.pool.PortRef;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the cluster had when it was asked. Nothing in it is newer than the first answer of the API
 * server was old: lists are read one after the other. Immutable; a port or pool is found by name
 * without a look at the others.
 */
public final class Snapshot {
  private static final RdmaGidStatus NO_PORT_STATUS = RdmaGidStatus.builder().build();
  private static final RdmaGidPoolStatus NO_POOL_STATUS =
      new RdmaGidPoolStatus(null, null, null, null, null, null, List.of());

  private final List<ClusterPort> ports;
  private final List<KnownPool> pools;
  private final List<PodAssignment> assignments;
  private final SortedMap<PodName, String> groups;
  private final Set<String> nodes;
  private final List<Unreadable> unreadable;
  private final Map<PortRef, ClusterPort> portsByRef = new HashMap<>();
  private final Map<String, KnownPool> poolsByName = new HashMap<>();

  /**
   * A snapshot of objects that are understood, and the names of those that are not.
   *
   * @param ports by node, device and number
   * @param pools by name
   * @param assignments of the namespaces that were asked for, by pod
   * @param groups the jobs of the pods whose label names one
   * @param nodes the names of all nodes that have a port, understood or not
   * @param unreadable the objects that are not understood
   */
  public Snapshot(
      List<ClusterPort> ports,
      List<KnownPool> pools,
      List<PodAssignment> assignments,
      SortedMap<PodName, String> groups,
      Set<String> nodes,
      List<Unreadable> unreadable) {
    this.ports = List.copyOf(ports);
    this.pools = List.copyOf(pools);
    this.assignments = List.copyOf(assignments);
    this.groups = Collections.unmodifiableSortedMap(new TreeMap<>(groups));
    this.nodes = Set.copyOf(nodes);
    this.unreadable = List.copyOf(unreadable);
    this.ports.forEach(port -> portsByRef.putIfAbsent(port.ref(), port));
    this.pools.forEach(known -> poolsByName.putIfAbsent(known.pool().name(), known));
  }

  /**
   * Understands what it can. Never throws.
   *
   * @param grouped pods whose label names a job; others do no harm
   */
  public static Snapshot of(
      Collection<RdmaGid> ports,
      Collection<RdmaGidPool> pools,
      Collection<RdmaGidAssignment> assignments,
      Collection<Pod> grouped) {
    List<Unreadable> unreadable = new ArrayList<>();
    return new Snapshot(
        ports.stream()
            .flatMap(object -> port(object, unreadable).stream())
            .sorted(Comparator.comparing(ClusterPort::ref))
            .toList(),
        pools.stream()
            .flatMap(object -> pool(object, unreadable).stream())
            .sorted(Comparator.comparing(known -> known.pool().name()))
            .toList(),
        assignments.stream()
            .flatMap(object -> assignment(object, unreadable).stream())
            .sorted(Comparator.comparing(PodAssignment::name))
            .toList(),
        groups(grouped),
        nodes(ports),
        unreadable);
  }

  /** All ports, by node, device and number. */
  public List<ClusterPort> ports() {
    return ports;
  }

  /** The port of that name; the first where a person made a second RdmaGid of it. */
  public Optional<ClusterPort> port(PortRef ref) {
    return Optional.ofNullable(portsByRef.get(ref));
  }

  /** All pools, by name. */
  public List<KnownPool> pools() {
    return pools;
  }

  /** The pool of that name. */
  public Optional<KnownPool> pool(String name) {
    return Optional.ofNullable(poolsByName.get(name));
  }

  /** What pods of the namespaces that were asked for hold, by pod. */
  public List<PodAssignment> assignments() {
    return assignments;
  }

  /** The jobs of the pods whose label names one. */
  public SortedMap<PodName, String> groups() {
    return groups;
  }

  /** The names of all nodes that have a port, understood or not. */
  public Set<String> nodes() {
    return nodes;
  }

  /** The objects that are not understood. */
  public List<Unreadable> unreadable() {
    return unreadable;
  }

  private static Optional<ClusterPort> port(RdmaGid object, List<Unreadable> unreadable) {
    return switch (RdmaGidParser.parse(object)) {
      case Parsed.Valid port -> {
        RdmaGidStatus status = Objects.requireNonNullElse(object.getStatus(), NO_PORT_STATUS);
        yield Optional.of(
            new ClusterPort(
                new PortRef(port.nodeName(), port.device(), port.port()),
                port.gids(),
                Set.copyOf(status.unusable()),
                Optional.ofNullable(port.preferred()),
                status));
      }
      case Parsed.Invalid(List<Parsed.Problem> problems) -> {
        unreadable.add(unreadable(RdmaGid.KIND, object, problems));
        yield Optional.empty();
      }
    };
  }

  private static Optional<KnownPool> pool(RdmaGidPool object, List<Unreadable> unreadable) {
    return switch (PoolParser.parse(object)) {
      case ParsedPool.Valid(var pool, var effective, _) ->
          Optional.of(
              new KnownPool(
                  pool, effective, Objects.requireNonNullElse(object.getStatus(), NO_POOL_STATUS)));
      case ParsedPool.Invalid(List<Parsed.Problem> problems) -> {
        unreadable.add(unreadable(RdmaGidPool.KIND, object, problems));
        yield Optional.empty();
      }
    };
  }

  private static Optional<PodAssignment> assignment(
      RdmaGidAssignment object, List<Unreadable> unreadable) {
    RdmaGidAssignmentStatus status = object.getStatus();
    return switch (AssignmentMapping.parse(object)) {
      case ParsedAssignment.Valid(var assignment) ->
          Optional.of(
              new PodAssignment(assignment, status == null ? List.of() : status.conditions()));
      case ParsedAssignment.Invalid(List<Parsed.Problem> problems) -> {
        unreadable.add(unreadable(RdmaGidAssignment.KIND, object, problems));
        yield Optional.empty();
      }
    };
  }

  private static Unreadable unreadable(
      String kind, HasMetadata object, List<Parsed.Problem> problems) {
    ObjectMeta metadata = metadata(object);
    return new Unreadable(
        kind,
        Objects.requireNonNullElse(metadata.getNamespace(), ""),
        Objects.requireNonNullElse(metadata.getName(), ""),
        problems);
  }

  private static SortedMap<PodName, String> groups(Collection<Pod> pods) {
    SortedMap<PodName, String> groups = new TreeMap<>();
    for (Pod pod : pods) {
      ObjectMeta metadata = metadata(pod);
      Map<String, String> labels = Objects.requireNonNullElse(metadata.getLabels(), Map.of());
      String group = labels.get(PodMetadata.GROUP_LABEL);
      if (group != null && metadata.getNamespace() != null && metadata.getName() != null) {
        groups.put(new PodName(metadata.getNamespace(), metadata.getName()), group);
      }
    }
    return groups;
  }

  private static Set<String> nodes(Collection<RdmaGid> ports) {
    Set<String> nodes = new TreeSet<>();
    for (RdmaGid port : ports) {
      if (port.getSpec() != null && port.getSpec().nodeName() != null) {
        nodes.add(port.getSpec().nodeName());
      }
    }
    return nodes;
  }

  private static ObjectMeta metadata(HasMetadata object) {
    return object.getMetadata() == null ? new ObjectMetaBuilder().build() : object.getMetadata();
  }
}
