package io.rdmagid.deviceplugin.workload;

import io.rdmagid.assignment.AssignedPort;
import io.rdmagid.assignment.Assignment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What allocations make together: the containers that have them, and the record of a pod. Pure. */
final class PodHoldings {
  private PodHoldings() {}

  /** The allocations of a container, by pool. */
  static List<AllocationRecord> of(String containerId, Collection<AllocationRecord> records) {
    return records.stream()
        .filter(record ->
            record.claim().filter(claim -> claim.containerId().equals(containerId)).isPresent())
        .sorted(Comparator.comparing(record -> record.id().pool()))
        .toList();
  }

  /**
   * These when a container has them that is not made yet.
   *
   * @param terms of each pool
   */
  static List<AllocationRecord> claimed(
      List<AllocationRecord> allocations,
      Sandbox sandbox,
      ContainerSpec container,
      Map<String, PoolTerms> terms) {
    List<String> hashes = allocations.stream().map(AllocationRecord::hash).toList();
    return allocations.stream()
        .map(record ->
            record.claimedBy(
                sandbox,
                container,
                hashes,
                Objects.requireNonNull(terms.get(record.id().pool()), "no terms of the pool")))
        .toList();
  }

  /** Those that did not say yet that their container has ended, when they do. */
  static List<AllocationRecord> ended(List<AllocationRecord> allocations) {
    return allocations.stream()
        .filter(record -> record.claim().filter(claim -> !claim.ended()).isPresent())
        .map(record -> record.withClaim(record.claim().map(Claim::end)))
        .toList();
  }

  /** Whether these are a container's, and it was made with them. */
  static boolean isMade(List<AllocationRecord> allocations) {
    return !allocations.isEmpty()
        && allocations.stream().allMatch(record -> record.claim().filter(Claim::made).isPresent());
  }

  /** The names of the RDMA devices that their ports are of. */
  static Set<String> devices(List<AllocationRecord> allocations) {
    return allocations.stream()
        .flatMap(allocation -> allocation.ports().stream())
        .map(HeldPort::device)
        .collect(Collectors.toSet());
  }

  /** The names of their pools. */
  static Set<String> pools(List<AllocationRecord> allocations) {
    Set<String> names = new LinkedHashSet<>();
    allocations.forEach(record -> names.add(record.id().pool()));
    return names;
  }

  /** How often the set of the container that has these was swapped. */
  static long generation(List<AllocationRecord> allocations) {
    return allocations.stream()
        .flatMap(record -> record.claim().stream())
        .mapToLong(Claim::generation)
        .max()
        .orElse(0);
  }

  /** The ids of the containers that have any, by the containers' names. */
  static List<String> containers(Collection<AllocationRecord> records) {
    return records.stream()
        .flatMap(record -> record.claim().stream())
        .sorted(Comparator.comparing(Claim::container))
        .map(Claim::containerId)
        .distinct()
        .toList();
  }

  /** The ids of the sandboxes that have any. */
  static Set<String> sandboxes(Collection<AllocationRecord> records) {
    return records.stream()
        .flatMap(record -> record.claim().stream())
        .map(claim -> claim.sandbox().id())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /**
   * The containers whose addresses are on their way, by id, each with the network namespaces that
   * these are in.
   */
  static Map<String, Set<Optional<Path>>> late(
      Collection<AllocationRecord> records, Map<String, ContainerSet> sets) {
    Map<String, Set<Optional<Path>>> late = new TreeMap<>();
    for (AllocationRecord record : records) {
      Claim claim = record.claim().filter(Claim::made).orElse(null);
      ContainerSet set = claim == null ? null : sets.get(claim.containerId());
      if (claim != null && set != null && set.isLate()) {
        late.computeIfAbsent(claim.containerId(), _ -> new HashSet<>())
            .add(claim.sandbox().namespaceOf(claim.terms().rule().scope()));
      }
    }
    return late;
  }

  /**
   * All that the pod of these allocations holds, in whichever container; empty where they have no
   * pod.
   *
   * @param node the Node's name
   * @param allocations of one pod
   * @param records all that count
   * @param sets of containers, by their ids; one without a set was not chosen for
   */
  static Optional<Assignment> assignment(
      String node,
      List<AllocationRecord> allocations,
      Collection<AllocationRecord> records,
      Map<String, ContainerSet> sets) {
    return allocations.stream()
        .flatMap(record -> record.claim().stream())
        .findFirst()
        .map(claim -> assignment(node, claim.sandbox(), records, sets));
  }

  private static Assignment assignment(
      String node,
      Sandbox sandbox,
      Collection<AllocationRecord> records,
      Map<String, ContainerSet> sets) {
    List<AssignedPort> ports = new ArrayList<>();
    for (String containerId : containers(records)) {
      List<AllocationRecord> allocations = of(containerId, records);
      Claim claim = allocations.getFirst().claim().orElseThrow();
      if (claim.sandbox().id().equals(sandbox.id())) {
        ContainerSet set = sets.getOrDefault(containerId, ContainerSet.unchosen(allocations));
        ports.addAll(set.assigned(claim.generation(), claim.variables(set.variables())));
      }
    }
    return new Assignment(sandbox.namespace(), sandbox.podName(), sandbox.podUid(), node, ports);
  }
}
