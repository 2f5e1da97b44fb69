package io.rdmagid.operator.facts;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps of each object that an informer sees what is decided on, and nothing else: a fleet's
 * objects in full would not fit into the operator's memory. To the informer each object is its
 * identity, resourceVersion and labels. Safe for use by any thread.
 *
 * @param <R> the object
 * @param <F> what is decided on
 */
public final class FactStore<R extends HasMetadata, F> implements ItemStore<R> {
  private final Supplier<R> blank;
  private final Function<R, F> fact;
  private final ConcurrentMap<String, Kept<R, F>> kept = new ConcurrentHashMap<>();

  private record Kept<R, F>(R outline, F fact) {}

  /**
   * An empty store.
   *
   * @param blank makes an object without content
   * @param fact must not throw, whatever the object holds: the informer would stop
   */
  public FactStore(Supplier<R> blank, Function<R, F> fact) {
    this.blank = blank;
    this.fact = fact;
  }

  /** What is known of all objects, in no order. */
  public List<F> facts() {
    return kept.values().stream().map(Kept::fact).toList();
  }

  @Override
  public String getKey(R object) {
    return Cache.metaNamespaceKeyFunc(object);
  }

  @Override
  public @Nullable R put(String key, R object) {
    return outline(kept.put(key, new Kept<>(outlineOf(object), fact.apply(object))));
  }

  @Override
  public @Nullable R remove(String key) {
    return outline(kept.remove(key));
  }

  @Override
  public Stream<String> keySet() {
    return kept.keySet().stream();
  }

  @Override
  public Stream<R> values() {
    return kept.values().stream().map(Kept::outline);
  }

  @Override
  public int size() {
    return kept.size();
  }

  @Override
  public @Nullable R get(String key) {
    return outline(kept.get(key));
  }

  private R outlineOf(R object) {
    ObjectMeta full = object.getMetadata();
    R outline = blank.get();
    outline.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(full.getNamespace())
            .withName(full.getName())
            .withUid(full.getUid())
            .withResourceVersion(full.getResourceVersion())
            .withLabels(full.getLabels())
            .build());
    return outline;
  }

  private static <R, F> @Nullable R outline(@Nullable Kept<R, F> kept) {
    return kept == null ? null : kept.outline();
  }
}
