package io.rdmagid.operator.fact;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.informers.cache.BasicItemStore;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the objects that an informer sees whole, but for who manages which of their fields: that is
 * more than the rest of a small object, and nobody reads it. Safe for use by any thread.
 *
 * @param <R> the object
 */
public final class WithoutManagers<R extends HasMetadata> extends BasicItemStore<R> {
  /** An empty store. */
  public WithoutManagers() {
    super(Cache::metaNamespaceKeyFunc);
  }

  @Override
  public @Nullable R put(String key, R object) {
    object.getMetadata().setManagedFields(List.of());
    return super.put(key, object);
  }
}
