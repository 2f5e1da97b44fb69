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
import java.util.Comparator;
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
 * server was old: lists are read one after the other.
 *
 * @param ports by node, device and number
 * @param pools by name
 * @param assignments of the namespaces that were asked for, by pod
 * @param groups the jobs of the pods whose label names one
 * @param nodes the names of all nodes that have a port, understood or not
 * @param unreadable the objects that are not understood
 */
public record Snapshot(
    List<ClusterPort> ports,
    List<KnownPool> pools,
    List<PodAssignment> assignments,
    SortedMap<PodName, String> groups,
    Set<String> nodes,
    List<Unreadable> unreadable) {
  private static final RdmaGidStatus NO_PORT_STATUS = RdmaGidStatus.builder().build();
  private static final RdmaGidPoolStatus NO_POOL_STATUS =
      new RdmaGidPoolStatus(null, null, null, null, null, null, List.of());

  public Snapshot {
    ports = List.copyOf(ports);
    pools = List.copyOf(pools);
    assignments = List.copyOf(assignments);
    nodes = Set.copyOf(nodes);
    unreadable = List.copyOf(unreadable);
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

  /** The port of that name. */
  public Optional<ClusterPort> port(PortRef ref) {
    return ports.stream().filter(port -> port.ref().equals(ref)).findFirst();
  }

  /** The pool of that name. */
  public Optional<KnownPool> pool(String name) {
    return pools.stream().filter(known -> known.pool().name().equals(name)).findFirst();
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
