package io.rdmagid.operator.cleaning;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.config.informer.Field;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Constants;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.MaxReconciliationInterval;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.rate.RateLimited;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import io.micrometer.core.instrument.MeterRegistry;
import io.rdmagid.api.naming.FieldManagers;
import io.rdmagid.api.v1alpha1.RdmaGidAssignment;
import io.rdmagid.operator.fact.ClusterFacts;
import io.rdmagid.operator.fact.ClusterFacts.PresentNode;
import io.rdmagid.operator.fact.FactStore;
import io.rdmagid.operator.fact.ForAll;
import io.rdmagid.operator.fact.OperatorLease;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

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
    return List.of(
        ForAll.changes(
            facts.nodes(),
            "nodes",
            (was, is) -> was.isPresent() && !uid(was).equals(uid(is)),
            context),
        new InformerEventSource<>(
            // What agents write is looked at in its turn.
            ForAll.silent(RdmaGidAssignment.class, "records", Lease.class)
                // Else those of the Lease's namespace only.
                .withWatchAllNamespaces()
                .withItemStore(records)
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
