package io.rdmagid.operator.fact;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import java.util.Set;
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
    return InformerEventSourceConfiguration.from(type, primary)
        .withName(name)
        .withInformerListLimit(PAGE)
        .withSecondaryToPrimaryMapper(
            _ -> all.list().map(ResourceID::fromResource).collect(Collectors.toSet()))
        // Spares an index with an entry for each pair of object and primary: nobody asks it.
        .withPrimaryToSecondaryMapper((P _) -> Set.of());
  }
}
