package io.rdmagid.operator.cleaning;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.config.informer.Field;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Constants;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.MaxReconciliationInterval;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.rate.RateLimited;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import io.micrometer.core.instrument.MeterRegistry;
import io.rdmagid.api.naming.FieldManagers;
import io.rdmagid.api.v1alpha1.RdmaGidAssignment;
import io.rdmagid.operator.fact.ClusterFacts;
import io.rdmagid.operator.fact.ClusterFacts.PresentNode;
import io.rdmagid.operator.fact.FactStore;
import io.rdmagid.operator.fact.OperatorLease;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Goes its rounds of {@link Cleaning}, at most one in five seconds; {@link OperatorLease} stands
 * for the cluster. A round comes when the last one said so, when a Node goes or is made again, and
 * every ten minutes.
 */
@ControllerConfiguration(
    name = "cleaning",
    fieldManager = FieldManagers.OPERATOR,
    informer =
        @Informer(
            fieldSelector = @Field(path = "metadata.name", value = OperatorLease.NAME),
            onUpdateFilter = OperatorLease.Renewals.class),
    maxReconciliationInterval =
        @MaxReconciliationInterval(interval = Constants.NO_MAX_RECONCILIATION_INTERVAL))
@RateLimited(maxReconciliations = 1, within = 5)
@GradualRetry(maxAttempts = -1, initialInterval = 5000, maxInterval = 60_000)
public final class CleaningReconciler implements Reconciler<Lease> {
  /** How many objects the server lists at a time. */
  private static final long PAGE = 500;

  /** Two pods a second are asked for at most, of whatever fleet. */
  private static final Duration SHORTEST = Duration.ofSeconds(5);

  private final FactStore<RdmaGidAssignment, Optional<PodRecord>> records =
      new FactStore<>(RdmaGidAssignment::new, PodRecord::of);
  private final ClusterFacts facts;
  private final Cleaning cleaning;
  private final Clock clock;

  /**
   * Nothing is read or deleted before the operator starts it.
   *
   * @param client stays the caller's to close
   * @param facts of ports and Nodes; another controller fills it
   * @param registry where is counted what was deleted
   */
  public CleaningReconciler(
      KubernetesClient client, ClusterFacts facts, MeterRegistry registry, Clock clock) {
    this.facts = facts;
    this.cleaning = new Cleaning(new FabricCleaningApi(client), facts, registry, clock);
    this.clock = clock;
  }

  @Override
  public List<EventSource<?, Lease>> prepareEventSources(EventSourceContext<Lease> context) {
    IndexerResourceCache<Lease> leases = context.getPrimaryCache();
    SimpleInboundEventSource<Lease> changes = new SimpleInboundEventSource<>("nodes");
    facts
        .nodes()
        .onChange((was, is) -> {
          // Before, the Lease is not there to be asked for; there is a round then.
          if (changes.isRunning() && was.isPresent() && !uid(was).equals(uid(is))) {
            leases.list().forEach(lease -> changes.propagateEvent(ResourceID.fromResource(lease)));
          }
        });
    return List.of(
        changes,
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(RdmaGidAssignment.class, Lease.class)
                .withName("records")
                // Else those of the Lease's namespace only.
                .withWatchAllNamespaces()
                .withInformerListLimit(PAGE)
                .withItemStore(records)
                // What agents write is looked at in its turn.
                .withSecondaryToPrimaryMapper(_ -> Set.of())
                .withPrimaryToSecondaryMapper((Lease _) -> Set.of())
                .build(),
            context));
  }

  private static Optional<String> uid(Optional<PresentNode> node) {
    return node.map(PresentNode::uid);
  }

  @Override
  public UpdateControl<Lease> reconcile(Lease object, Context<Lease> context) {
    Optional<Instant> next =
        cleaning.round(records.facts().stream().flatMap(Optional::stream).toList());
    return UpdateControl.<Lease>noUpdate().rescheduleAfter(pause(next, clock.instant()));
  }

  /** The time until {@code next}, in bounds. */
  static Duration pause(Optional<Instant> next, Instant now) {
    Duration until = next.map(then -> Duration.between(now, then)).orElse(PodLooks.USUAL);
    if (until.compareTo(SHORTEST) < 0) {
      return SHORTEST;
    }
    return until.compareTo(PodLooks.USUAL) < 0 ? until : PodLooks.USUAL;
  }
}
