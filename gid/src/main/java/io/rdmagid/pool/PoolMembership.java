package io.rdmagid.pool;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which pool has which port. The order of what it is made from does not matter.
 *
 * @param ports the ports of each pool, by node, device and number; a pool without ports has an
 *     empty list
 * @param conflicts the ports that a pool wants and an older one has, by pool and port
 * @param duplicates the pools that get no port because an older one has their resource name, each
 *     with the name of that one
 */
public record PoolMembership(
    SortedMap<String, List<PortFacts>> ports,
    List<Conflict> conflicts,
    SortedMap<String, String> duplicates) {
  public PoolMembership {
    ports = Collections.unmodifiableSortedMap(new TreeMap<>(ports));
    conflicts = List.copyOf(conflicts);
    duplicates = Collections.unmodifiableSortedMap(new TreeMap<>(duplicates));
  }

  /**
   * A port that two pools want.
   *
   * @param pool the name of the one that does not get it
   * @param winner the name of the one that has it
   */
  public record Conflict(PortRef port, String pool, String winner) {}

  /**
   * Gives each port to the first by {@link Pool#PRECEDENCE} of the pools that want it.
   *
   * @param pools in any order, no two of one name
   * @param ports of one node or of many, in any order, no two of one name
   * @param nodeLabels the labels of each node by its name; a node that is missing has none
   */
  public static PoolMembership of(
      Collection<Pool> pools,
      Collection<PortFacts> ports,
      Map<String, Map<String, String>> nodeLabels) {
    SortedMap<String, String> duplicates = new TreeMap<>();
    List<Pool> inOrder = withoutDuplicates(pools, duplicates);
    SortedMap<String, List<PortFacts>> taken = new TreeMap<>();
    pools.forEach(pool -> taken.put(pool.name(), new ArrayList<>()));
    List<Conflict> conflicts = new ArrayList<>();
    for (PortFacts port : ports.stream().sorted(Comparator.comparing(PortFacts::ref)).toList()) {
      Map<String, String> labels = nodeLabels.getOrDefault(port.node(), Map.of());
      List<String> wanting =
          inOrder.stream().filter(pool -> pool.wants(port, labels)).map(Pool::name).toList();
      for (String pool : wanting) {
        if (pool.equals(wanting.getFirst())) {
          taken.computeIfAbsent(pool, _ -> new ArrayList<>()).add(port);
        } else {
          conflicts.add(new Conflict(port.ref(), pool, wanting.getFirst()));
        }
      }
    }
    conflicts.sort(Comparator.comparing(Conflict::pool).thenComparing(Conflict::port));
    return new PoolMembership(taken, conflicts, duplicates);
  }

  /** The ports of the pool of that name. */
  public List<PortFacts> portsOf(String pool) {
    return ports.getOrDefault(pool, List.of());
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
