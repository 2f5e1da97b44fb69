package io.rdmagid.operator.admission;

import io.rdmagid.gid.GidSelector;
import io.rdmagid.operator.fact.ClusterFacts;
import io.rdmagid.operator.fact.PublishedPool;
import io.rdmagid.operator.fact.PublishedPort;
import io.rdmagid.pool.EffectiveRule;
import io.rdmagid.pool.PortFacts;
import java.util.Collections;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;

/**
 * The pools, and the indices that their rules lead to on each node: computed from all ports of the
 * cluster, once a pool until a fact changes. A job of a thousand pods asks a thousand times. Safe
 * for use by any thread.
 */
final class PoolIndices {
  private final ClusterFacts facts;
  private final Function<PublishedPool, List<PublishedPort>> ports;

  /**
   * Another map after each change, so that nothing that was computed from earlier facts comes into
   * it.
   */
  private volatile ConcurrentMap<Key, SortedMap<String, NavigableSet<Integer>>> nodes =
      new ConcurrentHashMap<>();

  /** What indices depend on beside ports, Nodes, and what other pools want. */
  private record Key(String pool, EffectiveRule rule) {}

  /** Of these facts, whose changes it hears of from now on, for as long as they are there. */
  PoolIndices(ClusterFacts facts) {
    this(facts, pool -> PoolPorts.of(pool, facts));
  }

  /**
   * The same.
   *
   * @param ports tells which ports a pool has
   */
  PoolIndices(ClusterFacts facts, Function<PublishedPool, List<PublishedPort>> ports) {
    this.facts = facts;
    this.ports = ports;
    facts.ports().onChange((_, _) -> forget());
    facts.pools().onChange((_, _) -> forget());
    facts.nodes().onChange((_, _) -> forget());
  }

  private void forget() {
    nodes = new ConcurrentHashMap<>();
  }

  /** All pools of the cluster, in no order. */
  List<PublishedPool> pools() {
    return facts.pools().facts();
  }

  /**
   * The indices that the rule leads to on each node; without ports and nodes where it leads to
   * none, or to one that nobody can be sure of. Whoever asks for the same at the same time waits
   * for the first.
   *
   * @param rule of the pool
   */
  SortedMap<String, NavigableSet<Integer>> of(PublishedPool pool, EffectiveRule rule) {
    return nodes.computeIfAbsent(new Key(pool.name(), rule), _ -> compute(pool, rule));
  }

  private SortedMap<String, NavigableSet<Integer>> compute(PublishedPool pool, EffectiveRule rule) {
    SortedMap<String, NavigableSet<Integer>> indices = new TreeMap<>();
    ports.apply(pool).stream()
        // An index of InfiniBand is another matter: NCCL takes none there.
        .filter(port -> port.facts().linkLayer().equals(PortFacts.ETHERNET))
        .forEach(port ->
            index(port, rule)
                .ifPresent(index ->
                    indices.computeIfAbsent(port.facts().node(), _ -> new TreeSet<>()).add(index)));
    return Collections.unmodifiableSortedMap(indices);
  }

  private static Optional<Integer> index(PublishedPort port, EffectiveRule rule) {
    return GidSelector.select(port.usable(), rule.rule())
        .selected()
        // A default GID is shown as the host's without its address, too.
        .filter(entry -> !GidSelector.isLinkLocal(entry))
        .map(entry -> entry.index());
  }
}
