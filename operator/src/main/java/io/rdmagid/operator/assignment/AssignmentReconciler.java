package io.rdmagid.operator.assignment;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.reconciler.Constants;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.MaxReconciliationInterval;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.rdmagid.api.naming.FieldManagers;
import io.rdmagid.api.v1alpha1.AssignmentMapping;
import io.rdmagid.api.v1alpha1.Parsed;
import io.rdmagid.api.v1alpha1.ParsedAssignment;
import io.rdmagid.api.v1alpha1.PoolParser;
import io.rdmagid.api.v1alpha1.RdmaGidAssignment;
import io.rdmagid.api.v1alpha1.RdmaGidAssignmentSpec;
import io.rdmagid.assignment.Assignment;
import io.rdmagid.operator.assignment.PodApi.PodRef;
import io.rdmagid.operator.fact.ClusterFacts;
import io.rdmagid.operator.fact.PublishedPool;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Shows on each pod what its RdmaGidAssignment says, and whether the RdmaGids of its ports say the
 * same. The pod is read when it is needed: nobody watches the cluster's pods.
 */
@ControllerConfiguration(
    name = "assignment",
    fieldManager = FieldManagers.OPERATOR,
    // The agent writes the status, which has no generation.
    generationAwareEventProcessing = false,
    // What is kept of a pod goes with its assignment.
    triggerReconcilerOnAllEvents = true,
    maxReconciliationInterval =
        @MaxReconciliationInterval(interval = Constants.NO_MAX_RECONCILIATION_INTERVAL))
@GradualRetry(maxAttempts = -1, initialInterval = 500, maxInterval = 30_000)
public final class AssignmentReconciler implements Reconciler<RdmaGidAssignment> {
  /** Name of the index. */
  private static final String CHECKED_BY = "checked-by";

  private final ClusterFacts facts;
  private final StandingDifferences standing;
  private final PodCopy copy;

  /**
   * Nothing is read or written before the operator starts it.
   *
   * @param client stays the caller's to close
   * @param facts what reports are checked against; another controller fills it
   * @param instance names this operator among others in Events, at most 128 characters
   * @param registry where the number of reports that are contradicted is shown
   * @param clock tells the time of Events, when a condition changes its status, and for how long a
   *     report is contradicted
   */
  public AssignmentReconciler(
      KubernetesClient client,
      ClusterFacts facts,
      String instance,
      MeterRegistry registry,
      Clock clock) {
    this.facts = facts;
    this.standing = new StandingDifferences(clock);
    this.copy =
        new PodCopy(new FabricPodApi(client, instance, clock), standing, this::resourceName, clock);
    Gauge.builder("rdmagid.assignments.disagreeing", standing, StandingDifferences::disagreeing)
        .description("Pods whose agent reported another entry than their RdmaGids lead to")
        .register(registry);
  }

  @Override
  public List<EventSource<?, RdmaGidAssignment>> prepareEventSources(
      EventSourceContext<RdmaGidAssignment> context) {
    IndexerResourceCache<RdmaGidAssignment> assignments = context.getPrimaryCache();
    assignments.addIndexer(CHECKED_BY, CheckedBy::of);
    SimpleInboundEventSource<RdmaGidAssignment> changes = new SimpleInboundEventSource<>("facts");
    facts
        .ports()
        .onChange((was, is) ->
            Stream.of(was, is)
                .flatMap(fact -> fact.flatMap(port -> port).stream())
                .map(port -> CheckedBy.port(port.facts().ref()))
                .distinct()
                .forEach(key -> propagate(changes, assignments, key)));
    facts
        .pools()
        .onChange((was, is) ->
            Stream.of(was, is)
                .flatMap(Optional::stream)
                .map(pool -> CheckedBy.pool(pool.name()))
                .distinct()
                .forEach(key -> propagate(changes, assignments, key)));
    return List.of(changes);
  }

  private static void propagate(
      SimpleInboundEventSource<RdmaGidAssignment> changes,
      IndexerResourceCache<RdmaGidAssignment> assignments,
      String key) {
    // Before, the assignments are not there to be asked for; all of them are looked at then.
    if (changes.isRunning()) {
      assignments
          .byIndex(CHECKED_BY, key)
          .forEach(object -> changes.propagateEvent(ResourceID.fromResource(object)));
    }
  }

  @Override
  public UpdateControl<RdmaGidAssignment> reconcile(
      RdmaGidAssignment object, Context<RdmaGidAssignment> context) {
    if (context.isPrimaryResourceDeleted()) {
      podUid(object).ifPresent(standing::forget);
      return UpdateControl.noUpdate();
    }
    UpdateControl<RdmaGidAssignment> nothingToWrite = UpdateControl.noUpdate();
    // The agent makes the object first and writes its status then.
    if (object.getStatus() != null) {
      show(object).ifPresent(nothingToWrite::rescheduleAfter);
    }
    return nothingToWrite;
  }

  private Optional<Duration> show(RdmaGidAssignment object) {
    return switch (AssignmentMapping.parse(object)) {
      case ParsedAssignment.Valid(Assignment assignment) -> {
        // A pod that has ended shows what it had.
        if (assignment.isReleased()) {
          standing.forget(assignment.podUid());
          yield Optional.empty();
        }
        yield copy.show(
            new PodRef(assignment.namespace(), assignment.podName(), assignment.podUid()),
            assignment.ports(),
            Difference.check(assignment.nodeName(), assignment.ports(), facts));
      }
      case ParsedAssignment.Invalid(List<Parsed.Problem> problems) -> {
        podUid(object)
            .ifPresent(podUid ->
                copy.showNotUnderstood(
                    new PodRef(
                        object.getMetadata().getNamespace(),
                        object.getMetadata().getName(),
                        podUid),
                    problems.stream()
                        .map(Parsed.Problem::toString)
                        .collect(Collectors.joining("; "))));
        yield Optional.empty();
      }
    };
  }

  private String resourceName(String pool) {
    return facts
        .pools()
        .fact(pool)
        .map(PublishedPool::resourceName)
        .orElse(PoolParser.RESOURCE_PREFIX + pool);
  }

  private static Optional<String> podUid(RdmaGidAssignment object) {
    RdmaGidAssignmentSpec spec = object.getSpec();
    return spec == null ? Optional.empty() : Optional.ofNullable(spec.podUID());
  }
}
