package io.rdmagid.operator.eviction;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
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
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.rdmagid.api.condition.ConditionStatus;
import io.rdmagid.api.condition.Conditions;
import io.rdmagid.api.naming.FieldManagers;
import io.rdmagid.api.v1alpha1.RdmaGidAssignment;
import io.rdmagid.api.v1alpha1.RdmaGidPool;
import io.rdmagid.api.v1alpha1.RdmaGidPoolStatus;
import io.rdmagid.operator.fact.AgentPod;
import io.rdmagid.operator.fact.FactStore;
import io.rdmagid.operator.fact.FirstSights;
import io.rdmagid.operator.fact.ForAll;
import io.rdmagid.operator.fact.PublishedPool;
import io.rdmagid.operator.fact.Reporting;
import io.rdmagid.operator.failover.Breaker;
import io.rdmagid.operator.failover.HeldPod;
import io.rdmagid.operator.failover.Progress;
import io.rdmagid.operator.failover.ProgressMapping;
import io.rdmagid.operator.failover.Situation;
import io.rdmagid.pool.FailoverPolicy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Evicts pods for pools that say so. Whatever changes, an assignment, an agent or a pool, all pools
 * are looked at again, each at most about once a second.
 */
@ControllerConfiguration(
    name = "failover",
    fieldManager = FieldManagers.FAILOVER,
    // Where another operator stopped stands in the status.
    generationAwareEventProcessing = false,
    maxReconciliationInterval =
        @MaxReconciliationInterval(interval = Constants.NO_MAX_RECONCILIATION_INTERVAL))
@RateLimited(maxReconciliations = 1, within = 1)
@GradualRetry(maxAttempts = -1, initialInterval = 1000, maxInterval = 30_000)
public final class FailoverReconciler implements Reconciler<RdmaGidPool> {
  private static final Logger LOG = LoggerFactory.getLogger(FailoverReconciler.class);

  private static final Duration SHORTEST = Duration.ofSeconds(1);

  private final KubernetesClient client;
  private final String namespace;
  private final FailoverSettings settings;
  private final Clock clock;
  private final FailoverEvents events;
  private final Evictions evictions;
  private final AtomicInteger breakerOpen = new AtomicInteger();
  private final Map<String, Pauses> pauses = new ConcurrentHashMap<>();

  /** Since when a pool's breaker is open of which this process has told, by pool. */
  private final Map<String, String> breakerTold = new ConcurrentHashMap<>();

  private final FactStore<RdmaGidAssignment, Optional<HeldPod>> pods =
      new FactStore<>(RdmaGidAssignment::new, HeldPod::of);
  private final FactStore<Pod, Optional<AgentPod>> agents = new FactStore<>(Pod::new, AgentPod::of);
  private final FirstSights sights = new FirstSights();

  /**
   * Nothing is read or written before the operator starts it.
   *
   * @param client stays the caller's to close
   * @param namespace of the operator and the agents
   * @param instance names this operator among others in Events, at most 128 characters
   */
  public FailoverReconciler(
      KubernetesClient client,
      String namespace,
      FailoverSettings settings,
      String instance,
      MeterRegistry registry,
      Clock clock) {
    this.client = client;
    this.namespace = namespace;
    this.settings = settings;
    this.clock = clock;
    this.events = new FailoverEvents(client, instance, clock);
    this.evictions =
        new Evictions(
            new FabricEvictionApi(client, events, new EvictionCounts(registry)),
            new JobGroups(client, clock),
            new ConfigMapBudget(client, namespace, settings.clusterBudget()),
            clock);
    Gauge.builder("rdmagid.failover.breaker.open", breakerOpen, AtomicInteger::get)
        .description("1 while so much is broken at once that nothing is evicted")
        .register(registry);
  }

  @Override
  public List<EventSource<?, RdmaGidPool>> prepareEventSources(
      EventSourceContext<RdmaGidPool> context) {
    return List.of(
        new InformerEventSource<>(
            ForAll.source(RdmaGidAssignment.class, "held-pods", RdmaGidPool.class, context)
                .withItemStore(pods)
                .build(),
            context),
        new InformerEventSource<>(
            ForAll.source(Pod.class, "agents", RdmaGidPool.class, context)
                .withNamespaces(namespace)
                .withLabelSelector(AgentPod.SELECTOR)
                .withItemStore(agents)
                .build(),
            context));
  }

  @Override
  public UpdateControl<RdmaGidPool> reconcile(RdmaGidPool object, Context<RdmaGidPool> context) {
    // One whose spec is not understood is left as it is until it is.
    PublishedPool pool = PublishedPool.of(object);
    if (!pool.understood()) {
      return UpdateControl.noUpdate();
    }
    Optional<Progress> progress =
        ProgressMapping.parse(object.getStatus() == null ? null : object.getStatus().failover());
    if (progress.isEmpty()) {
      LOG.atWarn()
          .addKeyValue("pool", pool.name())
          .log("failover rests: its status is not understood");
      return UpdateControl.noUpdate();
    }
    return reconcile(pool, new StatusRecord(client, object, progress.get()), object, context);
  }

  /** What is known of the cluster now. */
  private record Known(List<HeldPod> pods, Reporting reporting, Breaker breaker) {}

  /**
   * An agent whose time is still to come when it is first seen is not believed at all: it can be
   * away for long, and whether its RdmaGids say so already is not known here.
   */
  private Reporting reporting() {
    Instant now = clock.instant();
    List<AgentPod> all = agents.facts().stream().flatMap(Optional::stream).toList();
    Set<String> nodes = all.stream().map(AgentPod::node).collect(Collectors.toSet());
    return Reporting.of(sights.clip(all, nodes, now), now);
  }

  private Known known(Context<RdmaGidPool> context) {
    Reporting reporting = reporting();
    List<PublishedPool> all = context.getPrimaryCache().list().map(PublishedPool::of).toList();
    Set<String> requiring = names(all, PublishedPool::requires);
    List<HeldPod> held =
        pods.facts().stream().flatMap(Optional::stream).map(pod -> pod.told(requiring)).toList();
    Breaker breaker =
        Breaker.of(
            held, reporting.nodes(), names(all, FailoverReconciler::acts), settings.breakerShare());
    breakerOpen.set(breaker.isOpen() ? 1 : 0);
    return new Known(held, reporting, breaker);
  }

  private static Set<String> names(List<PublishedPool> pools, Predicate<PublishedPool> which) {
    return pools.stream().filter(which).map(PublishedPool::name).collect(Collectors.toSet());
  }

  private UpdateControl<RdmaGidPool> reconcile(
      PublishedPool pool, StatusRecord status, RdmaGidPool object, Context<RdmaGidPool> context) {
    FailoverPolicy policy = pool.failover();
    if (rests(policy, status)) {
      // Each record of the cluster that changes leads here, for each pool.
      if (context
          .getPrimaryCache()
          .list()
          .map(PublishedPool::of)
          .noneMatch(FailoverReconciler::acts)) {
        breakerOpen.set(0);
      }
      return UpdateControl.noUpdate();
    }
    if (!showBreaker(policy, status, () -> known(context).breaker(), object)) {
      return after(SHORTEST);
    }
    Pauses ofPool = pauses.computeIfAbsent(pool.name(), _ -> new Pauses());
    Optional<Instant> next =
        evictions.run(
            status,
            progress -> {
              Known known = known(context);
              return new Situation(
                  pool.name(),
                  policy,
                  known.pods(),
                  known.reporting().nodes(),
                  known.breaker().isOpen(),
                  settings.poolBudget(),
                  ofPool.all(),
                  progress);
            },
            ofPool);
    return Stream.of(next, policy.acts() ? reporting().until() : Optional.<Instant>empty())
        .flatMap(Optional::stream)
        .min(Comparator.naturalOrder())
        .map(time -> after(Duration.between(clock.instant(), time)))
        .orElseGet(UpdateControl::noUpdate);
  }

  /** Whether there is nothing to be done, and nothing to be taken back. */
  private static boolean rests(FailoverPolicy policy, StatusRecord status) {
    return !policy.acts() && status.progress().groups().isEmpty() && status.breaker().isEmpty();
  }

  private static boolean acts(PublishedPool pool) {
    return pool.failover().acts();
  }

  private static UpdateControl<RdmaGidPool> after(Duration delay) {
    return UpdateControl.<RdmaGidPool>noUpdate()
        .rescheduleAfter(delay.compareTo(SHORTEST) < 0 ? SHORTEST : delay);
  }

  /**
   * Where the breaker changed, says so; false where somebody else wrote meanwhile.
   *
   * @param now the breaker, worked out where it is shown: for a pool that acts
   */
  private boolean showBreaker(
      FailoverPolicy policy, StatusRecord status, Supplier<Breaker> now, RdmaGidPool object) {
    Optional<Condition> before = status.breaker();
    if (!policy.acts()) {
      return before.isEmpty() || status.write(status.progress(), Optional.empty());
    }
    Breaker breaker = now.get();
    ConditionStatus open = ConditionStatus.of(breaker.isOpen());
    // The counts in the message change all the time.
    if (before.filter(some -> open.text().equals(some.getStatus())).isPresent()) {
      tellBreaker(object, before.get(), breaker);
      return true;
    }
    Condition next =
        Conditions.next(
            before.map(List::of).orElse(List.of()),
            RdmaGidPoolStatus.BREAKER_OPEN,
            open,
            breaker.isOpen() ? "TooManyBroken" : "Closed",
            breaker.isOpen() ? breaker.text() : "not too much of the cluster is broken at once",
            object.getMetadata().getGeneration(),
            clock);
    boolean written = status.write(status.progress(), Optional.of(next));
    if (written) {
      tellBreaker(object, next, breaker);
    }
    return written;
  }

  /**
   * Of an open breaker, once a process: one that ended after its write has said nothing, and what
   * was said has the same name.
   */
  private void tellBreaker(RdmaGidPool object, Condition condition, Breaker breaker) {
    String pool = object.getMetadata().getName();
    String since = condition.getLastTransitionTime();
    if (!breaker.isOpen()) {
      breakerTold.remove(pool);
    } else if (!since.equals(breakerTold.get(pool))) {
      events.tellBreakerOpen(object, since, breaker.text());
      breakerTold.put(pool, since);
    }
  }
}
