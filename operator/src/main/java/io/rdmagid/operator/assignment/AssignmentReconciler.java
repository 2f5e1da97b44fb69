package io.rdmagid.operator.assignment;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.reconciler.Constants;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.MaxReconciliationInterval;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.rdmagid.api.naming.FieldManagers;
import io.rdmagid.api.v1alpha1.PoolParser;
import io.rdmagid.api.v1alpha1.RdmaGidAssignment;
import io.rdmagid.assignment.AssignedPort;
import io.rdmagid.operator.assignment.PodApi.PodRef;
import io.rdmagid.operator.fact.ClusterFacts;
import io.rdmagid.operator.fact.FactStore;
import io.rdmagid.operator.fact.PublishedPool;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Shows on each pod what its RdmaGidAssignment says, and whether the RdmaGids of its ports say the
 * same. The pod is read when it is needed: nobody watches the cluster's pods.
 */
@ControllerConfiguration(
    name = AssignmentReconciler.NAME,
    fieldManager = FieldManagers.OPERATOR,
    // The agent writes the status, which has no generation.
    generationAwareEventProcessing = false,
    maxReconciliationInterval =
        @MaxReconciliationInterval(interval = Constants.NO_MAX_RECONCILIATION_INTERVAL))
@GradualRetry(maxAttempts = -1, initialInterval = 500, maxInterval = 30_000)
public final class AssignmentReconciler implements Reconciler<RdmaGidAssignment> {
  /** Of the controller. */
  public static final String NAME = "assignment";

  /** How many objects the server lists at a time. */
  private static final long PAGE = 500;

  private final FactStore<RdmaGidAssignment, Optional<Report>> reports =
      new FactStore<>(RdmaGidAssignment::new, Report::of);
  private final CheckedBy checkedBy = new CheckedBy(reports);
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
    // What is known of a pod goes with its assignment, which keeps no uid for who hears of its end.
    reports.onChange((was, is) ->
        uid(was).filter(uid -> !uid(is).equals(Optional.of(uid))).ifPresent(standing::forget));
    Gauge.builder("rdmagid.assignments.disagreeing", standing, StandingDifferences::disagreeing)
        .description("Pods whose agent reported another entry than their RdmaGids lead to")
        .register(registry);
  }

  /** What is to be set of the controller beside what is annotated: it keeps what it reads only. */
  public void configure(ControllerConfigurationOverrider<RdmaGidAssignment> configuration) {
    configuration.withItemStore(reports).withInformerListLimit(PAGE);
  }

  @Override
  public List<EventSource<?, RdmaGidAssignment>> prepareEventSources(
      EventSourceContext<RdmaGidAssignment> context) {
    SimpleInboundEventSource<RdmaGidAssignment> changes = new SimpleInboundEventSource<>("facts");
    facts
        .ports()
        .onChange((was, is) ->
            Stream.of(was, is)
                .flatMap(fact -> fact.flatMap(port -> port).stream())
                .map(port -> port.facts().ref())
                .distinct()
                .forEach(port -> propagate(changes, checkedBy.port(port))));
    facts
        .pools()
        .onChange((was, is) ->
            Stream.of(was, is)
                .flatMap(Optional::stream)
                .map(PublishedPool::name)
                .distinct()
                .forEach(pool -> propagate(changes, checkedBy.pool(pool))));
    return List.of(changes);
  }

  private static void propagate(
      SimpleInboundEventSource<RdmaGidAssignment> changes, List<PodRef> pods) {
    // Before, all of them are looked at anyway.
    if (changes.isRunning()) {
      pods.forEach(pod -> changes.propagateEvent(new ResourceID(pod.name(), pod.namespace())));
    }
  }

  @Override
  public UpdateControl<RdmaGidAssignment> reconcile(
      RdmaGidAssignment object, Context<RdmaGidAssignment> context) {
    UpdateControl<RdmaGidAssignment> nothingToWrite = UpdateControl.noUpdate();
    String key = reports.getKey(object);
    Optional<Optional<Report>> known = reports.fact(key);
    try {
      known
          .flatMap(report -> report)
          .flatMap(this::show)
          .ifPresent(nothingToWrite::rescheduleAfter);
    } finally {
      // The assignment may have gone, or be another pod's, while its pod was looked at.
      uid(known)
          .filter(uid -> !uid(reports.fact(key)).equals(Optional.of(uid)))
          .ifPresent(standing::forget);
    }
    return nothingToWrite;
  }

  private Optional<Duration> show(Report report) {
    return switch (report) {
      // A pod that has ended shows what it had.
      case Report.Understood(PodRef pod, _, _, boolean released) when released -> {
        standing.forget(pod.uid());
        yield Optional.empty();
      }
      case Report.Understood(PodRef pod, String node, List<AssignedPort> ports, _) ->
          copy.show(pod, ports, Difference.check(node, ports, facts));
      case Report.NotUnderstood(PodRef pod, String problems) -> {
        copy.showNotUnderstood(pod, problems);
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

  private static Optional<String> uid(Optional<Optional<Report>> report) {
    return report.flatMap(known -> known).map(known -> known.pod().uid());
  }
}
