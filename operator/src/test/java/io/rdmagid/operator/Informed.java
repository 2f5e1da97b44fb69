package io.rdmagid.operator;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import io.javaoperatorsdk.operator.api.config.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.config.Informable;
import io.javaoperatorsdk.operator.api.config.informer.InformerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.IndexedResourceCache;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;

/** What a controller is given by the SDK, without informers: objects of a file. */
public final class Informed {
  private Informed() {}

  /** The objects that there are now. */
  public interface Objects {
    /** Those of a kind, each time new ones. */
    <R> List<R> of(Class<R> type);
  }

  /**
   * Has the controller's informers read what they watch.
   *
   * @param client that informers are made with; it is not asked
   */
  @SuppressWarnings("unchecked") // of classes with a parameter
  public static <P extends HasMetadata> void fill(
      Reconciler<P> reconciler, Class<P> primary, KubernetesClient client, Objects objects) {
    EventSourceContext<P> context =
        new EventSourceContext<>(
            only(IndexerResourceCache.class, (_, method, _) -> unexpected(method.getName())),
            only(ControllerConfiguration.class, (_, method, _) -> unexpected(method.getName())),
            client,
            primary);
    for (EventSource<?, P> source : reconciler.prepareEventSources(context)) {
      if (source instanceof InformerEventSource<?, ?> informer) {
        fill(informer.configuration(), objects);
      }
    }
  }

  /** Has the informer that is configured so read what it watches. */
  public static <R extends HasMetadata> void fill(Informable<R> informer, Objects objects) {
    InformerConfiguration<R> configuration = informer.getInformerConfig();
    ItemStore<R> store = configuration.getItemStore();
    for (R object : objects.of(informer.getResourceClass())) {
      if (configuration.watchAllNamespaces()
          || configuration.inheritsNamespacesFromController()
          || configuration.getNamespaces().contains(object.getMetadata().getNamespace())) {
        R _ = store.put(store.getKey(object), object);
      }
    }
  }

  /** What a controller is called with, where these are its objects and none is deleted. */
  @SuppressWarnings("unchecked") // likewise
  public static <P extends HasMetadata> Context<P> context(List<P> all) {
    IndexedResourceCache<P> cache =
        only(
            IndexedResourceCache.class,
            (_, method, _) ->
                method.getName().equals("list") ? all.stream() : unexpected(method.getName()));
    return only(
        Context.class,
        (_, method, _) ->
            switch (method.getName()) {
              case "getPrimaryCache" -> cache;
              case "isPrimaryResourceDeleted" -> false;
              default -> unexpected(method.getName());
            });
  }

  private static Object unexpected(String method) {
    throw new UnsupportedOperationException(method);
  }

  /** An object of which nothing but what the handler knows is asked. */
  private static <T> T only(Class<T> type, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
