package io.rdmagid.deviceplugin.workload;

import io.rdmagid.library.LibrarySetup;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The pools of the cluster, and what they say of their containers. */
record ClusterPools(List<PoolState> states) {
  static final ClusterPools NONE = new ClusterPools(List.of());

  ClusterPools {
    states = List.copyOf(states);
  }

  /** The pool of this name. */
  Optional<PoolState> of(String name) {
    return states.stream().filter(state -> state.pool().name().equals(name)).findFirst();
  }

  /** What the libraries of a pool's containers are told; all, where there is no such pool now. */
  LibrarySetup setup(String name) {
    return of(name).map(PoolState::setup).orElse(LibrarySetup.ALL);
  }

  /**
   * The terms of those of these pools that have a rule, without what the container's author
   * decides.
   */
  Map<String, PoolTerms> terms(ContainerSpec container, Collection<String> names) {
    Map<String, PoolTerms> terms = new HashMap<>();
    for (String name : names) {
      of(name).flatMap(PoolState::terms).ifPresent(term -> terms.put(name, term));
    }
    Set<String> steered = Steering.told(container.variables(), terms.keySet());
    terms.replaceAll((_, term) -> term.steered(steered));
    return terms;
  }

  /** Whether a container with ports of these pools may lock memory without limit. */
  boolean memlock(Collection<String> names) {
    return names.stream().anyMatch(name -> of(name).filter(s -> s.pool().memlock()).isPresent());
  }
}
