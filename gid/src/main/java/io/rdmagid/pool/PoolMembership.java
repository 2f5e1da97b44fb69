package io.rdmagid.pool;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which pool has which port. The order of what it is made from does not matter.
 *
 * @param ports the ports of each pool, by node, device and number; a pool without ports has an
 *     empty list
 * @param draining the ports that pods of a pool hold, of one that is gone maybe, and that are no
 *     longer the pool's: it offers them no more, and no other does before those pods are gone
 * @param conflicts the ports that a pool wants and an older one has, by pool and port
 * @param duplicates the pools that get no port because an older one has their resource name, each
 *     with the name of that one
 */
public record PoolMembership(
    SortedMap<String, List<PortFacts>> ports,
    SortedMap<String, List<PortFacts>> draining,
    List<Conflict> conflicts,
    SortedMap<String, String> duplicates) {
  public PoolMembership {
    ports = Collections.unmodifiableSortedMap(new TreeMap<>(ports));
    draining = Collections.unmodifiableSortedMap(new TreeMap<>(draining));
    conflicts = List.copyOf(conflicts);
    duplicates = Collections.unmodifiableSortedMap(new TreeMap<>(duplicates));
  }

  /**
   * A port that a pool wants and does not get.
   *
   * @param pool the pool's name
   * @param winner the name of the pool that has it, or whose pods hold it
   */
  public record Conflict(PortRef port, String pool, String winner) {}

  /**
   * A port that a pod holds.
   *
   * @param pool the name of the pool that it asked
   */
  public record Hold(PortRef port, String pool) {}

  /**
   * Gives each port to the first by {@link Pool#PRECEDENCE} of the pools that want it. One that
   * pods of another pool hold is nobody's until they are gone.
   *
   * @param pools in any order, no two of one name
   * @param ports of one node or of many, in any order, no two of one name
   * @param nodeLabels the labels of each node by its name; a node that is missing has none
   * @param holds in any order, also of pools that are gone
   */
  public static PoolMembership of(
      Collection<Pool> pools,
      Collection<PortFacts> ports,
      Map<String, Map<String, String>> nodeLabels,
      Collection<Hold> holds) {
    Map<PortRef, Set<String>> holders = new HashMap<>();
    holds.forEach(
        hold -> holders.computeIfAbsent(hold.port(), _ -> new HashSet<>()).add(hold.pool()));
    SortedMap<String, String> duplicates = new TreeMap<>();
    List<Pool> inOrder = withoutDuplicates(pools, duplicates);
    SortedMap<String, List<PortFacts>> taken = new TreeMap<>();
    SortedMap<String, List<PortFacts>> draining = new TreeMap<>();
    pools.forEach(pool -> taken.put(pool.name(), new ArrayList<>()));
    List<Conflict> conflicts = new ArrayList<>();
    for (PortFacts port : ports.stream().sorted(Comparator.comparing(PortFacts::ref)).toList()) {
      Map<String, String> labels = nodeLabels.getOrDefault(port.node(), Map.of());
      List<String> wanting =
          inOrder.stream().filter(pool -> pool.wants(port, labels)).map(Pool::name).toList();
      Optional<String> first = wanting.stream().findFirst();
      Optional<String> holder = holder(holders.getOrDefault(port.ref(), Set.of()), inOrder);
      boolean drains = holder.isPresent() && !holder.equals(first);
      if (drains) {
        draining.computeIfAbsent(holder.get(), _ -> new ArrayList<>()).add(port);
      }
      for (String pool : wanting) {
        if (!drains && pool.equals(first.orElseThrow())) {
          taken.computeIfAbsent(pool, _ -> new ArrayList<>()).add(port);
        } else {
          boolean leaves = drains && pool.equals(holder.get());
          conflicts.add(
              new Conflict(
                  port.ref(), pool, drains && !leaves ? holder.get() : first.orElseThrow()));
        }
      }
    }
    conflicts.sort(Comparator.comparing(Conflict::pool).thenComparing(Conflict::port));
    return new PoolMembership(taken, draining, conflicts, duplicates);
  }

  /** Of the pools whose pods hold a port the first by precedence, else one that is gone. */
  private static Optional<String> holder(Set<String> holding, List<Pool> inOrder) {
    return inOrder.stream()
        .map(Pool::name)
        .filter(holding::contains)
        .findFirst()
        .or(() -> holding.stream().sorted().findFirst());
  }

  /** The ports of the pool of that name. */
  public List<PortFacts> portsOf(String pool) {
    return ports.getOrDefault(pool, List.of());
  }

  /** The ports that the pods of the pool of that name hold, and that it does not offer. */
  public List<PortFacts> drainingOf(String pool) {
    return draining.getOrDefault(pool, List.of());
  }

  /** The pools by precedence, but for those that go into {@code duplicates}. */
  private static List<Pool> withoutDuplicates(
      Collection<Pool> pools, Map<String, String> duplicates) {
    Map<String, String> owners = new TreeMap<>();
    List<Pool> kept = new ArrayList<>();
    for (Pool pool : pools.stream().sorted(Pool.PRECEDENCE).toList()) {
      String owner = owners.putIfAbsent(pool.resourceName(), pool.name());
      if (owner == null) {
        kept.add(pool);
      } else {
        duplicates.put(pool.name(), owner);
      }
    }
    return kept;
  }
}
