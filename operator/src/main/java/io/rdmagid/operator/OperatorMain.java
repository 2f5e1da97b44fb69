package io.rdmagid.operator;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.monitoring.micrometer.MicrometerMetricsV2;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.rdmagid.api.v1alpha1.RdmaGidPool;
import io.rdmagid.management.Check;
import io.rdmagid.management.ManagementServer;
import io.rdmagid.operator.assignment.AssignmentReconciler;
import io.rdmagid.operator.cleaning.CleaningReconciler;
import io.rdmagid.operator.eviction.FailoverReconciler;
import io.rdmagid.operator.eviction.FailoverRemains;
import io.rdmagid.operator.fact.ClusterFacts;
import io.rdmagid.operator.fact.OperatorLease;
import io.rdmagid.operator.group.GroupReconciler;
import io.rdmagid.operator.pool.PoolReconciler;
import io.rdmagid.operator.staleness.StalenessReconciler;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the operator. Exit codes: 0 ended by SIGTERM, 2 bad options, 3 the system refused, or
 * memory ran out, 4 leadership lost. At any moment it may end without warning: what it does can be
 * done again.
 */
public final class OperatorMain {
  private static final Logger LOG = LoggerFactory.getLogger(OperatorMain.class);
  private static final int BAD_OPTIONS = 2;
  private static final int SYSTEM_REFUSED = 3;
  private static final int LOST_LEADERSHIP = 4;
  private static final String NAME = OperatorLease.NAME;

  /**
   * Requests at a time for pods' records, and as many for the few other objects: what a storm of
   * changes may ask of the API server.
   */
  private static final int RECONCILIATIONS_AT_A_TIME = 16;

  /** The first request of a process on a loaded node can take longer than the client's 10 s. */
  private static final int REQUEST_TIMEOUT_MILLIS = 30_000;

  /**
   * In effect for ever: going on with some facts unread, as the SDK would after this time, could
   * choose a rule that not all ports were asked about. Until then {@code /readyz} says what is
   * missing.
   */
  private static final Duration UNTIL_ALL_IS_READ = Duration.ofDays(3650);

  /** How long an operator that is told to end takes at most, less than a kubelet waits. */
  private static final Duration LONGEST_DEPARTURE = Duration.ofSeconds(5);

  /** Whether this process ends already; whoever sets it says how. */
  private static final AtomicBoolean ENDS = new AtomicBoolean();

  private OperatorMain() {}

  /** The process's entry. */
  public static void main(String[] arguments) {
    switch (OperatorConfig.parse(List.of(arguments), System.getenv())) {
      case OperatorConfig.Result.Help(String text) -> System.out.print(text);
      case OperatorConfig.Result.Invalid(List<String> problems) -> {
        problems.forEach(problem -> System.err.println("rdmagid-operator: " + problem));
        System.exit(BAD_OPTIONS);
      }
      case OperatorConfig.Result.Valid(OperatorConfig config) -> {
        int code = run(config);
        ENDS.set(true);
        System.exit(code);
      }
    }
  }

  private static int run(OperatorConfig config) {
    config.logLevel().apply();
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    try (KubernetesClient client = client()) {
      ClusterFacts facts = new ClusterFacts();
      Operator operator = operator(config, client, facts, registry);
      AtomicBoolean started = new AtomicBoolean();
      Departure departure =
          new Departure(
              client,
              config.leaderElectionNamespace(),
              config.identity(),
              () -> stop(operator, started),
              LONGEST_DEPARTURE);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> depart(departure), "shutdown"));
      Check informers = new Check("informers", new InformersCheck(operator, started::get));
      try (Admission admission =
              Admission.start(config.webhook(), facts, informers.test(), registry);
          ManagementServer management =
              ManagementServer.start(
                  config.managementAddress(), List.of(), admission.checks(informers), registry)) {
        LOG.atInfo().addKeyValue("management", management.address()).log("operator starts");
        operator.start();
        started.set(true);
        // Whoever ends the process does it by a signal, or by loseLeadership.
        new CountDownLatch(1).await();
        return SYSTEM_REFUSED;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return SYSTEM_REFUSED;
    } catch (IOException | RuntimeException e) {
      LOG.atError().setCause(e).log("operator cannot go on");
      return SYSTEM_REFUSED;
    }
  }

  /** One that has not started leads nobody, and waits in its start for what it cannot read. */
  private static void stop(Operator operator, AtomicBoolean started) {
    if (started.get()) {
      operator.stop();
    }
  }

  /** When the process was told to end by a signal; not when it ends by itself. */
  private static void depart(Departure departure) {
    if (ENDS.compareAndSet(false, true)) {
      LOG.atInfo().log("operator ends");
      departure.leave();
      Runtime.getRuntime().halt(0);
    }
  }

  /**
   * Ends the process at once, which the SDK leaves to us: another leads from five seconds later on.
   * What is under way may be made twice: conditions are made anew by the new leader, and what is
   * evicted or deleted is so by its uid. A departure comes by here, too, and goes on.
   */
  private static void loseLeadership() {
    if (ENDS.compareAndSet(false, true)) {
      LOG.atError().log("leadership lost");
      System.exit(LOST_LEADERSHIP);
    }
  }

  /** All that works, before it is started. */
  static Operator operator(
      OperatorConfig config, KubernetesClient client, ClusterFacts facts, MeterRegistry registry) {
    Clock clock = Clock.systemUTC();
    LeaderElectionConfiguration election =
        LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(NAME)
            .withLeaseNamespace(config.leaderElectionNamespace())
            .withIdentity(config.identity())
            .withLeaderCallbacks(
                new LeaderCallbacks(() -> {}, OperatorMain::loseLeadership, _ -> {}))
            .build();
    Operator operator =
        new Operator(settings ->
            settings
                .withKubernetesClient(client)
                .withCloseClientOnStop(false)
                // An API server that has just got our CRDs refuses the first lists (429).
                .withStopOnInformerErrorDuringStartup(false)
                .withCacheSyncTimeout(UNTIL_ALL_IS_READ)
                .withExecutorService(
                    new ReconciliationThreads(
                        Set.of(AssignmentReconciler.NAME, GroupReconciler.NAME),
                        RECONCILIATIONS_AT_A_TIME))
                .withMetrics(MicrometerMetricsV2.newBuilder(registry).build())
                .withLeaderElectionConfiguration(election));
    String instance = config.identity();
    operator.register(new PoolReconciler(facts, clock));
    AssignmentReconciler assignments =
        new AssignmentReconciler(client, facts, instance, registry, clock);
    operator.register(assignments, assignments::configure);
    GroupReconciler groups = new GroupReconciler(client, facts, instance, clock);
    operator.register(groups, groups::configure);
    String namespace = config.leaderElectionNamespace();
    operator.register(
        new StalenessReconciler(client, namespace, clock),
        (ControllerConfigurationOverrider<Lease> settings) -> settings.settingNamespace(namespace));
    operator.register(
        new CleaningReconciler(client, facts, registry, clock),
        (ControllerConfigurationOverrider<Lease> settings) -> settings.settingNamespace(namespace));
    operator.register(
        config
            .failover()
            .<Reconciler<RdmaGidPool>>map(settings ->
                new FailoverReconciler(client, namespace, settings, instance, registry, clock))
            .orElseGet(() -> new FailoverRemains(client)));
    return operator;
  }

  /**
   * A client that makes each request once: the SDK tries again, by deciding anew on what the server
   * has then.
   */
  private static KubernetesClient client() {
    Config config = Config.autoConfigure(null);
    config.setRequestRetryBackoffLimit(0);
    config.setConnectionTimeout(REQUEST_TIMEOUT_MILLIS);
    config.setRequestTimeout(REQUEST_TIMEOUT_MILLIS);
    return new KubernetesClientBuilder().withConfig(config).build();
  }
}
