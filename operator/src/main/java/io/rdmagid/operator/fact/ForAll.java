package io.rdmagid.operator.fact;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;

/** Event sources of controllers that look at everything anew, whatever changes. */
public final class ForAll {
  /** How many objects the server lists at a time. */
  private static final long PAGE = 500;

  private ForAll() {}

  /**
   * Objects of which each change is one for every object of the controller.
   *
   * @param type of those that are watched
   * @param name of the source, unique in the controller
   * @param primary type of the controller's own objects
   */
  public static <R extends HasMetadata, P extends HasMetadata>
      InformerEventSourceConfiguration.Builder<R> source(
          Class<R> type, String name, Class<P> primary, EventSourceContext<P> context) {
    IndexerResourceCache<P> all = context.getPrimaryCache();
    return silent(type, name, primary)
        .withSecondaryToPrimaryMapper(
            _ -> all.list().map(ResourceID::fromResource).collect(Collectors.toSet()));
  }

  /**
   * Objects that are read into their store, of which no change is an event.
   *
   * @param type of those that are watched
   * @param name of the source, unique in the controller
   * @param primary type of the controller's own objects
   */
  public static <R extends HasMetadata, P extends HasMetadata>
      InformerEventSourceConfiguration.Builder<R> silent(
          Class<R> type, String name, Class<P> primary) {
    return InformerEventSourceConfiguration.from(type, primary)
        .withName(name)
        .withInformerListLimit(PAGE)
        .withSecondaryToPrimaryMapper(_ -> Set.of())
        // Spares an index with an entry for each pair of object and primary: nobody asks it.
        .withPrimaryToSecondaryMapper((P _) -> Set.of());
  }

  /**
   * Facts of which some changes are one for every object of the controller. Those from before the
   * source runs are none: then every object is looked at anyway.
   *
   * @param name of the source, unique in the controller
   * @param matters whether a change does, by what was known and what is; must neither block nor
   *     throw
   */
  public static <F, P extends HasMetadata> EventSource<?, P> changes(
      FactStore<?, F> store,
      String name,
      BiPredicate<Optional<F>, Optional<F>> matters,
      EventSourceContext<P> context) {
    SimpleInboundEventSource<P> changes = new SimpleInboundEventSource<>(name);
    store.onChange((was, is) -> {
      if (changes.isRunning() && matters.test(was, is)) {
        context
            .getPrimaryCache()
            .list()
            .map(ResourceID::fromResource)
            .forEach(changes::propagateEvent);
      }
    });
    return changes;
  }
}
