package io.rdmagid.operator.pool;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
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
import io.rdmagid.api.naming.FieldManagers;
import io.rdmagid.api.v1alpha1.RdmaGid;
import io.rdmagid.api.v1alpha1.RdmaGidAssignment;
import io.rdmagid.api.v1alpha1.RdmaGidPool;
import io.rdmagid.api.v1alpha1.RdmaGidPoolStatus;
import io.rdmagid.operator.fact.ClusterFacts;
import io.rdmagid.operator.fact.FactStore;
import io.rdmagid.operator.fact.ForAll;
import io.rdmagid.operator.fact.PublishedPort;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the status of every RdmaGidPool right, and a pool in the cluster while pods hold its ports:
 * it has a finalizer as long, and not when nobody holds any, so that what nobody uses can be
 * deleted without the operator. Where a pool, what {@link Deciding decides} of a port, a Node's
 * labels or what a pod holds changes, all pools are looked at again, since they compete for ports;
 * each at most about once a second, and written only where its status differs, where only its
 * counts do less often.
 */
@ControllerConfiguration(
    name = "pool",
    fieldManager = FieldManagers.OPERATOR,
    // A status that somebody else changed is put right, too.
    generationAwareEventProcessing = false,
    // The finalizer is there while it is needed only, which the framework's own is not.
    triggerReconcilerOnAllEvents = true,
    maxReconciliationInterval =
        @MaxReconciliationInterval(interval = Constants.NO_MAX_RECONCILIATION_INTERVAL))
@RateLimited(maxReconciliations = 1, within = 1)
@GradualRetry(maxAttempts = -1, initialInterval = 1000, maxInterval = 30_000)
public final class PoolReconciler implements Reconciler<RdmaGidPool> {
  private static final Logger LOG = LoggerFactory.getLogger(PoolReconciler.class);

  private final Clock clock;
  private final Settling settling;
  private final CountPace counts;
  private final ClusterFacts facts;
  private final FactStore<RdmaGidAssignment, List<Holding>> holdings =
      new FactStore<>(RdmaGidAssignment::new, Holding::of);

  /**
   * Nothing is read or written before the operator starts it.
   *
   * @param facts filled by the informers of this controller
   * @param clock tells when a condition changes its status, and for how long ports stand still
   */
  public PoolReconciler(ClusterFacts facts, Clock clock) {
    this.facts = facts;
    this.clock = clock;
    this.settling = new Settling(clock);
    this.counts = new CountPace(clock);
  }

  @Override
  public List<EventSource<?, RdmaGidPool>> prepareEventSources(
      EventSourceContext<RdmaGidPool> context) {
    return List.of(
        // An informer's events are each write of an object; most change nothing here.
        ForAll.changes(
            facts.ports(),
            "deciding-ports",
            (was, is) -> !deciding(was).equals(deciding(is)),
            context),
        ForAll.changes(holdings, "changed-holdings", (_, _) -> true, context),
        new InformerEventSource<>(
            ForAll.source(RdmaGidPool.class, "pools", RdmaGidPool.class, context)
                .withItemStore(facts.pools())
                .withOnUpdateFilter((now, before) -> !generation(now).equals(generation(before)))
                .build(),
            context),
        new InformerEventSource<>(
            ForAll.silent(RdmaGid.class, "ports", RdmaGidPool.class)
                .withItemStore(facts.ports())
                .build(),
            context),
        new InformerEventSource<>(
            ForAll.silent(RdmaGidAssignment.class, "holdings", RdmaGidPool.class)
                .withItemStore(holdings)
                .build(),
            context),
        new InformerEventSource<>(
            ForAll.source(Node.class, "nodes", RdmaGidPool.class, context)
                .withItemStore(facts.nodes())
                // The status of a Node changes all the time.
                .withOnUpdateFilter((now, before) -> !labelsOf(now).equals(labelsOf(before)))
                .build(),
            context));
  }

  private static Optional<Deciding> deciding(Optional<Optional<PublishedPort>> port) {
    return port.flatMap(known -> known).map(Deciding::of);
  }

  @Override
  public UpdateControl<RdmaGidPool> reconcile(RdmaGidPool pool, Context<RdmaGidPool> context) {
    if (context.isPrimaryResourceDeleted()) {
      settling.forget(pool.getMetadata().getName());
      counts.forget(pool.getMetadata().getName());
      return UpdateControl.noUpdate();
    }
    Fleet fleet = fleet(context);
    RdmaGidPool now = pool;
    boolean held = fleet.isHeld(pool.getMetadata().getName());
    if (held && !pool.hasFinalizer(RdmaGidPool.HELD) && !pool.isMarkedForDeletion()) {
      now = context.resourceOperations().addFinalizer(RdmaGidPool.HELD);
    } else if (!held && pool.hasFinalizer(RdmaGidPool.HELD)) {
      now = context.resourceOperations().removeFinalizer(RdmaGidPool.HELD);
      if (pool.isMarkedForDeletion()) {
        return UpdateControl.noUpdate();
      }
    }
    return written(now, PoolStatuses.of(now, fleet, settling, clock));
  }

  /** What becomes of the status that was made of {@code read}. */
  UpdateControl<RdmaGidPool> written(RdmaGidPool read, PoolStatuses.Made made) {
    String name = read.getMetadata().getName();
    Optional<RdmaGidPoolStatus> shown =
        Optional.ofNullable(read.getStatus()).map(RdmaGidPoolStatus::withoutFailover);
    if (shown.equals(Optional.of(made.status()))) {
      return again(UpdateControl.noUpdate(), made.again(), Optional.empty());
    }
    Optional<Duration> left =
        shown
            .filter(status -> CountPace.areAllThatDiffers(status, made.status()))
            .flatMap(_ -> counts.left(name));
    if (left.isPresent()) {
      return again(UpdateControl.noUpdate(), made.again(), left);
    }
    LOG.atInfo().addKeyValue("pool", name).log("status changes");
    return again(
        UpdateControl.patchStatus(applied(read, made.status())), made.again(), Optional.empty());
  }

  /** To be called again after the shorter time, if there is one. */
  private static UpdateControl<RdmaGidPool> again(
      UpdateControl<RdmaGidPool> control, Optional<Duration> one, Optional<Duration> other) {
    Stream.of(one, other)
        .flatMap(Optional::stream)
        .min(Comparator.naturalOrder())
        .ifPresent(control::rescheduleAfter);
    return control;
  }

  /**
   * Over what was read only: an operator that hung while another took the Lease, and one that saw a
   * pool that was made anew since, would put an old rule in the place of the new one.
   */
  static RdmaGidPool applied(RdmaGidPool read, RdmaGidPoolStatus status) {
    RdmaGidPool applied = new RdmaGidPool();
    applied.setMetadata(
        new ObjectMetaBuilder()
            .withName(read.getMetadata().getName())
            .withUid(read.getMetadata().getUid())
            .withResourceVersion(read.getMetadata().getResourceVersion())
            .build());
    applied.setStatus(status);
    return applied;
  }

  private Fleet fleet(Context<RdmaGidPool> context) {
    return new Fleet(
        context.getPrimaryCache().list().toList(),
        facts.understoodPorts(),
        facts.nodeLabels(),
        holdings.facts().stream().flatMap(List::stream).toList());
  }

  private static Map<String, String> labelsOf(Node node) {
    return Objects.requireNonNullElse(node.getMetadata().getLabels(), Map.of());
  }

  private static Long generation(HasMetadata object) {
    return Objects.requireNonNullElse(object.getMetadata().getGeneration(), 0L);
  }
}
