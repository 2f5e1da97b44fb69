package io.rdmagid.deviceplugin.cluster;

import io.rdmagid.api.v1alpha1.ParsedPool;
import io.rdmagid.api.v1alpha1.PoolParser;
import io.rdmagid.api.v1alpha1.RdmaGidPool;
import io.rdmagid.deviceplugin.workload.PoolState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pools and Node labels that the agent works by: those of an earlier agent, until the server
 * has told both. Thread-safe; the listener is called under the lock, so that what it hears last is
 * what is known.
 */
final class KnownPools {
  private static final Logger LOG = LoggerFactory.getLogger(KnownPools.class);

  private final PoolCache cache;
  private final BiConsumer<List<PoolState>, Map<String, String>> listener;
  private final Map<String, String> refused = new HashMap<>();
  private @Nullable List<RdmaGidPool> pools;
  private @Nullable Map<String, String> labels;
  private PoolCache.@Nullable Content told;

  /**
   * Nothing is known yet.
   *
   * @param listener gets all pools that make sense and the Node's labels; must not block
   */
  KnownPools(PoolCache cache, BiConsumer<List<PoolState>, Map<String, String>> listener) {
    this.cache = cache;
    this.listener = listener;
  }

  /** Tells what an earlier agent saved. */
  synchronized void recall() {
    cache.load().ifPresent(this::tell);
  }

  /** The server has these pools now, all of them. */
  synchronized void pools(List<RdmaGidPool> newest) {
    pools =
        newest.stream().sorted(Comparator.comparing(pool -> pool.getMetadata().getName())).toList();
    changed();
  }

  /** The Node has these labels now. */
  synchronized void nodeLabels(Map<String, String> newest) {
    labels = Map.copyOf(newest);
    changed();
  }

  private void changed() {
    if (pools == null || labels == null) {
      return;
    }
    PoolCache.Content content = new PoolCache.Content(pools, labels);
    if (!content.equals(told)) {
      cache.save(content);
      tell(content);
    }
  }

  private void tell(PoolCache.Content content) {
    told = content;
    List<PoolState> states = new ArrayList<>();
    refused
        .keySet()
        .retainAll(
            content.pools().stream()
                .map(object -> object.getMetadata().getName())
                .collect(Collectors.toSet()));
    for (RdmaGidPool object : content.pools()) {
      String name = object.getMetadata().getName();
      switch (PoolParser.parse(object)) {
        case ParsedPool.Valid(var pool, var effective, _) -> {
          refused.remove(name);
          states.add(new PoolState(pool, effective));
        }
        case ParsedPool.Invalid(var problems) -> {
          // Once a version of the object: the operator tells the pool's owner by a condition.
          String version = Objects.toString(object.getMetadata().getResourceVersion());
          if (!version.equals(refused.put(name, version))) {
            LOG.atWarn()
                .addKeyValue("pool", name)
                .addKeyValue("problems", problems)
                .log("pool not understood, not offered");
          }
        }
      }
    }
    listener.accept(List.copyOf(states), content.nodeLabels());
  }
}
