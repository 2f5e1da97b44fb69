package io.rdmagid.deviceplugin.cluster;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.rdmagid.api.v1alpha1.ParsedPool;
import io.rdmagid.api.v1alpha1.PoolParser;
import io.rdmagid.api.v1alpha1.RdmaGidPool;
import io.rdmagid.deviceplugin.workload.PoolState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cluster's pools and the labels of this Node, as the server has them, else as it had them
 * last. Methods may come from any thread.
 */
public final class PoolWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PoolWatch.class);

  private final SharedIndexInformer<RdmaGidPool> informer;
  private final PoolCache cache;
  private final BiConsumer<List<PoolState>, Map<String, String>> listener;
  private final Map<String, String> refused = new HashMap<>();
  private @Nullable Map<String, String> labels;
  private PoolCache.@Nullable Content told;

  private PoolWatch(
      KubernetesClient client,
      Path cacheFile,
      BiConsumer<List<PoolState>, Map<String, String>> listener) {
    this.cache = new PoolCache(cacheFile);
    this.listener = listener;
    informer =
        client
            .resources(RdmaGidPool.class)
            .runnableInformer(0)
            .addEventHandler(new Changes())
            .exceptionHandler((_, _) -> true);
  }

  /**
   * Tells at once what was saved last, and from then on what the server has.
   *
   * @param client stays the caller's to close
   * @param cacheFile where the last pools are kept
   * @param listener gets all pools that make sense and the Node's labels; must not block
   */
  public static PoolWatch start(
      KubernetesClient client,
      Path cacheFile,
      BiConsumer<List<PoolState>, Map<String, String>> listener) {
    PoolWatch watch = new PoolWatch(client, cacheFile, listener);
    watch.cache.load().ifPresent(watch::tell);
    var _ = watch.informer.start().thenRun(watch::changed);
    return watch;
  }

  /** The Node has these labels now. */
  public void nodeLabels(Map<String, String> newest) {
    synchronized (this) {
      labels = Map.copyOf(newest);
    }
    changed();
  }

  /** Whether the server's pools are known and watched. */
  public boolean isWatching() {
    return informer.hasSynced() && informer.isWatching();
  }

  @Override
  public void close() {
    informer.stop();
  }

  /** Tells what the server has, once both pools and labels are known. */
  private synchronized void changed() {
    if (labels == null || !informer.hasSynced()) {
      return;
    }
    List<RdmaGidPool> pools = new ArrayList<>(informer.getStore().list());
    pools.sort(Comparator.comparing(pool -> pool.getMetadata().getName()));
    PoolCache.Content content = new PoolCache.Content(pools, labels);
    if (!content.equals(told)) {
      cache.save(content);
      tell(content);
    }
  }

  private synchronized void tell(PoolCache.Content content) {
    told = content;
    List<PoolState> states = new ArrayList<>();
    for (RdmaGidPool object : content.pools()) {
      String name = object.getMetadata().getName();
      switch (PoolParser.parse(object)) {
        case ParsedPool.Valid(var pool, var effective) -> {
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

  private final class Changes implements ResourceEventHandler<RdmaGidPool> {
    @Override
    public void onAdd(RdmaGidPool pool) {
      changed();
    }

    @Override
    public void onUpdate(RdmaGidPool before, RdmaGidPool after) {
      changed();
    }

    @Override
    public void onDelete(RdmaGidPool pool, boolean finalStateUnknown) {
      changed();
    }
  }
}
