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
import io.rdmagid.operator.fact.FirstSights;
import io.rdmagid.operator.fact.ForAll;
import io.rdmagid.operator.fact.OperatorLease;
import io.rdmagid.operator.fact.Reporting;
import io.rdmagid.operator.server.Refusal;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps condition Reporting of every RdmaGid right, by the agents' pods; {@link OperatorLease}
 * stands for all of them. A node that has no agent's pod, or whose clock is ahead, is given as much
 * time as one whose agent is not ready, from when this operator first sees it so; one of which it
 * is said already that it does not report is given none.
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
  private static final Logger LOG = LoggerFactory.getLogger(StalenessReconciler.class);

  private static final PatchContext APPLY =
      new PatchContext.Builder()
          .withPatchType(PatchType.SERVER_SIDE_APPLY)
          .withFieldManager(FieldManagers.OPERATOR)
          .withForce(true)
          .build();

  /** Writes of one turn: of a whole fleet there are tens of thousands. */
  private static final int MOST_WRITES = 500;

  /** How long what was refused is left: a policy or a role changes, seldom. */
  private static final Duration UNTIL_TAKEN = Duration.ofMinutes(1);

  private final KubernetesClient client;
  private final String namespace;
  private final Clock clock;
  private final FactStore<RdmaGid, Optional<PublishedGid>> gids =
      new FactStore<>(RdmaGid::new, PublishedGid::of);
  private final FactStore<Pod, Optional<AgentPod>> agents = new FactStore<>(Pod::new, AgentPod::of);

  private final FirstSights sights = new FirstSights();

  /** When to try again what was refused, by the object's name. */
  private final Map<String, Instant> refused = new ConcurrentHashMap<>();

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
    Map<String, Condition> changes =
        ReportingConditions.changes(published, reporting.nodes(), clock);
    refused.keySet().retainAll(changes.keySet());
    Map<String, Condition> due = new TreeMap<>(changes);
    refused.forEach((name, until) -> {
      if (now.isBefore(until)) {
        due.remove(name);
      }
    });
    write(due.entrySet().stream().limit(MOST_WRITES).toList(), now);
    if (due.size() > MOST_WRITES) {
      return UpdateControl.<Lease>noUpdate().rescheduleAfter(Duration.ofSeconds(1));
    }
    return Stream.concat(reporting.until().stream(), refused.values().stream())
        .min(Comparator.naturalOrder())
        .map(until ->
            UpdateControl.<Lease>noUpdate()
                .rescheduleAfter(Duration.between(now, until).plusMillis(1)))
        .orElseGet(UpdateControl::noUpdate);
  }

  /** What is refused holds up no other, and is told once: an object, or all, may be for long. */
  private void write(List<Map.Entry<String, Condition>> changes, Instant now) {
    List<String> news = new ArrayList<>();
    Optional<String> problem = Optional.empty();
    try {
      for (Map.Entry<String, Condition> change : changes) {
        Optional<String> refusal = write(change.getKey(), change.getValue());
        if (refusal.isEmpty()) {
          refused.remove(change.getKey());
        } else if (refused.put(change.getKey(), now.plus(UNTIL_TAKEN)) == null) {
          news.add(change.getKey());
          problem = problem.or(() -> refusal);
        }
      }
    } finally {
      // Also where a later one found the server away: at the next turn they are no news.
      if (!news.isEmpty()) {
        LOG.atWarn()
            .addKeyValue("objects", news.size())
            .addKeyValue("first", news.getFirst())
            .addKeyValue("problem", problem.orElse(""))
            .log("Reporting not written");
      }
    }
  }

  /** The agents' pods, and one that is missing for each node that has none. */
  private List<AgentPod> agents(List<PublishedGid> published, Instant now) {
    List<AgentPod> all =
        new ArrayList<>(agents.facts().stream().flatMap(Optional::stream).toList());
    Set<String> missing = new HashSet<>();
    published.forEach(gid -> missing.add(gid.node()));
    all.forEach(agent -> missing.remove(agent.node()));
    Set<String> givenUp =
        published.stream()
            .filter(gid -> gid.reporting().filter(StalenessReconciler::isFalse).isPresent())
            .map(PublishedGid::node)
            .collect(Collectors.toSet());
    missing.forEach(node -> all.add(AgentPod.missing(node)));
    return sights.clip(all, givenUp, now);
  }

  private static boolean isFalse(Condition condition) {
    return ConditionStatus.FALSE.text().equals(condition.getStatus());
  }

  /** Empty where it was written, or the object went meanwhile; else why it was refused. */
  private Optional<String> write(String name, Condition condition) {
    RdmaGid applied = new RdmaGid();
    applied.setMetadata(new ObjectMetaBuilder().withName(name).build());
    applied.setStatus(RdmaGidStatus.builder().conditions(List.of(condition)).build());
    try {
      RdmaGid _ = client.resource(applied).subresource("status").patch(APPLY);
      return Optional.empty();
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
        return Optional.empty();
      }
      if (!Refusal.isOne(e)) {
        throw e;
      }
      return Optional.of(Objects.requireNonNullElse(e.getMessage(), "" + e.getCode()));
    }
  }
}
