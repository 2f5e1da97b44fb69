package io.rdmagid.deviceplugin.cluster;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.rdmagid.api.v1alpha1.RdmaGidPool;
import io.rdmagid.deviceplugin.workload.PoolState;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * The cluster's pools and the labels of this Node, as the server has them, else as it had them
 * last. Methods may come from any thread.
 */
public final class PoolWatch implements AutoCloseable {
  private final SharedIndexInformer<RdmaGidPool> informer;
  private final KnownPools known;

  private PoolWatch(KubernetesClient client, KnownPools known) {
    this.known = known;
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
    KnownPools known = new KnownPools(new PoolCache(cacheFile), listener);
    PoolWatch watch = new PoolWatch(client, known);
    known.recall();
    var _ = watch.informer.start().thenRun(watch::changed);
    return watch;
  }

  /** The Node has these labels now. */
  public void nodeLabels(Map<String, String> newest) {
    known.nodeLabels(newest);
  }

  /** Whether the server's pools are known and watched. */
  public boolean isWatching() {
    return informer.hasSynced() && informer.isWatching();
  }

  @Override
  public void close() {
    informer.stop();
  }

  /**
   * Until the first list is complete its events tell of a part of the pools only. Under a lock: an
   * older list must not be told after a newer one.
   */
  private synchronized void changed() {
    if (informer.hasSynced()) {
      known.pools(informer.getStore().list());
    }
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
