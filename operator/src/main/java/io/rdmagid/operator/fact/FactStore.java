package io.rdmagid.operator.fact;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps of each object that an informer sees what is decided on, and nothing else: a fleet's
 * objects in full would not fit into the operator's memory. To the informer each object is its
 * identity, resourceVersion, generation and labels, in an object that is made when it asks: an
 * empty one of the client's takes more than most facts. Safe for use by any thread.
 *
 * @param <R> the object
 * @param <F> what is decided on
 */
public final class FactStore<R extends HasMetadata, F> implements ItemStore<R> {
  private final Supplier<R> blank;
  private final Function<R, F> fact;
  private final ConcurrentMap<String, Kept<F>> kept = new ConcurrentHashMap<>();
  private final List<BiConsumer<Optional<F>, Optional<F>>> listeners = new CopyOnWriteArrayList<>();

  /** What of an object is not in its key. */
  private record Kept<F>(
      @Nullable String uid,
      @Nullable String version,
      @Nullable Long generation,
      Map<String, String> labels,
      F fact) {}

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

  /**
   * What is known of one object.
   *
   * @param key its name, after {@code namespace/} where it has one
   */
  public Optional<F> fact(String key) {
    return Optional.ofNullable(kept.get(key)).map(Kept::fact);
  }

  /**
   * Tells of facts that come, change or go.
   *
   * @param listener gets what was known of an object, and what is; called on the informer's thread
   *     once the store has the change; it must neither block nor throw
   */
  public void onChange(BiConsumer<Optional<F>, Optional<F>> listener) {
    listeners.add(listener);
  }

  private void tell(@Nullable Kept<F> before, @Nullable Kept<F> after) {
    Optional<F> was = Optional.ofNullable(before).map(Kept::fact);
    Optional<F> is = Optional.ofNullable(after).map(Kept::fact);
    if (!was.equals(is)) {
      listeners.forEach(listener -> listener.accept(was, is));
    }
  }

  /** One instance for all stores that know the object, and for what informers keep beside them. */
  @Override
  public String getKey(R object) {
    return Cache.metaNamespaceKeyFunc(object).intern();
  }

  @Override
  public @Nullable R put(String key, R object) {
    ObjectMeta full = object.getMetadata();
    full.setLabels(SharedTexts.of(full.getLabels()));
    Kept<F> after =
        new Kept<>(
            SharedTexts.of(full.getUid()),
            full.getResourceVersion(),
            full.getGeneration(),
            full.getLabels(),
            fact.apply(SharedTexts.in(object)));
    Kept<F> before = kept.put(key, after);
    tell(before, after);
    return outline(key, before);
  }

  @Override
  public @Nullable R remove(String key) {
    Kept<F> before = kept.remove(key);
    tell(before, null);
    return outline(key, before);
  }

  @Override
  public Stream<String> keySet() {
    return kept.keySet().stream();
  }

  @Override
  public Stream<R> values() {
    return kept.entrySet().stream().map(entry -> outlineOf(entry.getKey(), entry.getValue()));
  }

  @Override
  public int size() {
    return kept.size();
  }

  @Override
  public @Nullable R get(String key) {
    return outline(key, kept.get(key));
  }

  private @Nullable R outline(String key, @Nullable Kept<F> kept) {
    return kept == null ? null : outlineOf(key, kept);
  }

  private R outlineOf(String key, Kept<F> kept) {
    int slash = key.indexOf('/');
    R outline = blank.get();
    outline.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(slash < 0 ? null : key.substring(0, slash))
            .withName(key.substring(slash + 1))
            .withUid(kept.uid())
            .withResourceVersion(kept.version())
            .withGeneration(kept.generation())
            .withLabels(kept.labels())
            .build());
    return outline;
  }
}
