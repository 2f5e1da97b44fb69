package io.rdmagid.operator.staleness;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
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
import io.rdmagid.api.condition.ConditionStatus;
import io.rdmagid.api.naming.FieldManagers;
import io.rdmagid.api.v1alpha1.RdmaGid;
import io.rdmagid.api.v1alpha1.RdmaGidStatus;
import io.rdmagid.operator.fact.AgentPod;
import io.rdmagid.operator.fact.FactStore;
import io.rdmagid.operator.fact.ForAll;
import io.rdmagid.operator.fact.OperatorLease;
import io.rdmagid.operator.fact.Reporting;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Keeps condition Reporting of every RdmaGid right, by the agents' pods; {@link OperatorLease}
 * stands for all of them. A node that has no agent's pod is given as much time as one whose agent
 * is not ready, from when this operator first sees it so; one of which it is said already that it
 * does not report is given none.
 */
@ControllerConfiguration(
    name = "staleness",
    fieldManager = FieldManagers.OPERATOR,
    informer =
        @Informer(
            fieldSelector = @Field(path = "metadata.name", value = OperatorLease.NAME),
            onUpdateFilter = OperatorLease.Renewals.class),
    maxReconciliationInterval =
        @MaxReconciliationInterval(interval = Constants.NO_MAX_RECONCILIATION_INTERVAL))
@RateLimited(maxReconciliations = 1, within = 1)
@GradualRetry(maxAttempts = -1, initialInterval = 1000, maxInterval = 30_000)
public final class StalenessReconciler implements Reconciler<Lease> {
  private static final PatchContext APPLY =
      new PatchContext.Builder()
          .withPatchType(PatchType.SERVER_SIDE_APPLY)
          .withFieldManager(FieldManagers.OPERATOR)
          .withForce(true)
          .build();

  /** Writes of one turn: of a whole fleet there are tens of thousands. */
  private static final int MOST_WRITES = 500;

  private final KubernetesClient client;
  private final String namespace;
  private final Clock clock;
  private final FactStore<RdmaGid, Optional<PublishedGid>> gids =
      new FactStore<>(RdmaGid::new, PublishedGid::of);
  private final FactStore<Pod, Optional<AgentPod>> agents = new FactStore<>(Pod::new, AgentPod::of);

  /** By node. */
  private final Map<String, Instant> missingSince = new ConcurrentHashMap<>();

  /**
   * Nothing is read or written before the operator starts it.
   *
   * @param client stays the caller's to close
   * @param namespace of the agents
   */
  public StalenessReconciler(KubernetesClient client, String namespace, Clock clock) {
    this.client = client;
    this.namespace = namespace;
    this.clock = clock;
  }

  @Override
  public List<EventSource<?, Lease>> prepareEventSources(EventSourceContext<Lease> context) {
    return List.of(
        new InformerEventSource<>(
            ForAll.source(RdmaGid.class, "gids", Lease.class, context)
                .withItemStore(gids)
                // That an agent writes says nothing new of it.
                .withOnUpdateFilter((_, _) -> false)
                .build(),
            context),
        new InformerEventSource<>(
            ForAll.source(Pod.class, "agents", Lease.class, context)
                .withNamespaces(namespace)
                .withLabelSelector(AgentPod.SELECTOR)
                .withItemStore(agents)
                .build(),
            context));
  }

  @Override
  public UpdateControl<Lease> reconcile(Lease object, Context<Lease> context) {
    Instant now = clock.instant();
    List<PublishedGid> published = gids.facts().stream().flatMap(Optional::stream).toList();
    Reporting reporting = Reporting.of(agents(published, now), now);
    SortedMap<String, Condition> changes =
        ReportingConditions.changes(published, reporting.nodes(), clock);
    changes.entrySet().stream()
        .limit(MOST_WRITES)
        .forEach(change -> write(change.getKey(), change.getValue()));
    if (changes.size() > MOST_WRITES) {
      return UpdateControl.<Lease>noUpdate().rescheduleAfter(Duration.ofSeconds(1));
    }
    return reporting
        .until()
        .map(until ->
            UpdateControl.<Lease>noUpdate()
                .rescheduleAfter(Duration.between(now, until).plusMillis(1)))
        .orElseGet(UpdateControl::noUpdate);
  }

  /** The agents' pods, and one that is not ready for each node that has none. */
  private List<AgentPod> agents(List<PublishedGid> published, Instant now) {
    List<AgentPod> all =
        new ArrayList<>(agents.facts().stream().flatMap(Optional::stream).toList());
    Set<String> missing = new HashSet<>();
    published.forEach(gid -> missing.add(gid.node()));
    all.forEach(agent -> missing.remove(agent.node()));
    missingSince.keySet().retainAll(missing);
    Set<String> givenUp =
        published.stream()
            .filter(gid -> gid.reporting().filter(StalenessReconciler::isFalse).isPresent())
            .map(PublishedGid::node)
            .collect(Collectors.toSet());
    missing.forEach(node -> {
      Instant since =
          missingSince.computeIfAbsent(
              node, _ -> givenUp.contains(node) ? now.minus(Reporting.PATIENCE) : now);
      all.add(new AgentPod(node, false, since));
    });
    return all;
  }

  private static boolean isFalse(Condition condition) {
    return ConditionStatus.FALSE.text().equals(condition.getStatus());
  }

  private void write(String name, Condition condition) {
    RdmaGid applied = new RdmaGid();
    applied.setMetadata(new ObjectMetaBuilder().withName(name).build());
    applied.setStatus(RdmaGidStatus.builder().conditions(List.of(condition)).build());
    try {
      RdmaGid _ = client.resource(applied).subresource("status").patch(APPLY);
    } catch (KubernetesClientException e) {
      // It went meanwhile.
      if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
        throw e;
      }
    }
  }
}
