package io.rdmagid.operator.admission;

import io.rdmagid.gid.GidScope;
import io.rdmagid.library.Libraries;
import io.rdmagid.operator.fact.PublishedPool;
import io.rdmagid.pool.EffectiveRule;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What is wrong with what a container asks for, as far as the pools and their ports tell. */
final class PoolWarnings {
  /** How many names stand in a line. */
  private static final int MOST_NAMES = 3;

  /** The variables by which a library is told one index for all ports. */
  private static final List<String> INDEX_VARIABLES =
      Libraries.TOLD.stream()
          .flatMap(library -> library.variables().stream())
          .filter(name -> name.endsWith("_GID_INDEX") || name.endsWith("_GID_IDX"))
          .sorted()
          .toList();

  private PoolWarnings() {}

  /** Adds a line for each pool that is not there, and for each index that is not right. */
  static void add(AskingContainer container, PoolIndices indices, Warnings warnings) {
    List<PublishedPool> pools = indices.pools();
    List<String> fixed =
        INDEX_VARIABLES.stream().filter(name -> container.index(name).isPresent()).toList();
    for (String resource : container.resources()) {
      List<PublishedPool> offering =
          pools.stream().filter(pool -> pool.resourceName().equals(resource)).toList();
      if (offering.isEmpty()) {
        warnings.add(nobodyOffers(resource, pools));
      } else if (!fixed.isEmpty()) {
        offering.forEach(pool ->
            pool.rule()
                .ifPresent(rule -> addFixed(container, fixed, pool, rule, indices, warnings)));
      }
    }
  }

  private static String nobodyOffers(String resource, List<PublishedPool> pools) {
    List<String> nearest =
        pools.stream()
            .map(PublishedPool::resourceName)
            .distinct()
            .sorted(
                Comparator.comparingInt((String name) -> EditDistance.of(name, resource))
                    .thenComparing(Comparator.naturalOrder()))
            .toList();
    return "no RdmaGidPool offers %s; offered is %s"
        .formatted(resource, nearest.isEmpty() ? "nothing" : some(nearest));
  }

  private static void addFixed(
      AskingContainer container,
      List<String> fixed,
      PublishedPool pool,
      EffectiveRule rule,
      PoolIndices indices,
      Warnings warnings) {
    if (rule.scope() == GidScope.POD && !container.hostNetwork()) {
      // Which entries there will be, nobody knows before the pod's network is made.
      fixed.forEach(variable ->
          warnings.add(
              "container %s: %s is fixed before the pod's addresses have indices: left out, pool %s tells the right one"
                  .formatted(container.name(), setting(container, variable), pool.name())));
      return;
    }
    SortedMap<String, NavigableSet<Integer>> nodes = indices.of(pool, rule);
    for (String variable : fixed) {
      int index = container.index(variable).orElseThrow();
      List<String> wrong =
          nodes.entrySet().stream()
              .filter(node -> !node.getValue().equals(new TreeSet<>(List.of(index))))
              .map(node -> "%s has %s".formatted(node.getKey(), numbers(node.getValue())))
              .toList();
      if (!wrong.isEmpty()) {
        warnings.add(
            "container %s: %s is wrong on %d of %d nodes with RoCE addresses in pool %s: %s"
                .formatted(
                    container.name(),
                    setting(container, variable),
                    wrong.size(),
                    nodes.size(),
                    pool.name(),
                    some(wrong)));
      }
    }
  }

  private static String setting(AskingContainer container, String variable) {
    return variable + "=" + container.index(variable).orElseThrow();
  }

  private static String numbers(NavigableSet<Integer> numbers) {
    return numbers.stream().map(Object::toString).collect(Collectors.joining(" and "));
  }

  /** The first ones, and how many more there are. */
  private static String some(List<String> names) {
    String first = names.stream().limit(MOST_NAMES).collect(Collectors.joining(", "));
    return names.size() <= MOST_NAMES
        ? first
        : first + " and " + (names.size() - MOST_NAMES) + " more";
  }
}
