package io.rdmagid.deviceplugin;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.rdmagid.deviceplugin.cluster.ClusterPublication;
import io.rdmagid.deviceplugin.cluster.PublishMetrics;
import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.observe.InventoryListener;
import io.rdmagid.deviceplugin.observe.KernelObserver;
import io.rdmagid.deviceplugin.observe.ObserveMetrics;
import io.rdmagid.deviceplugin.observe.OneReading;
import io.rdmagid.deviceplugin.observe.RecordingObserver;
import io.rdmagid.deviceplugin.posix.Errno;
import io.rdmagid.deviceplugin.posix.HugePages;
import io.rdmagid.deviceplugin.query.QueryEdge;
import io.rdmagid.deviceplugin.verbs.NativeVerbs;
import io.rdmagid.management.Check;
import io.rdmagid.management.CheckResult;
import io.rdmagid.management.ManagementServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the agent. Exit codes: 143 ended by SIGTERM, 2 bad options, 3 the system refused or memory
 * ran out.
 */
public final class AgentMain {
  private static final Logger LOG = LoggerFactory.getLogger(AgentMain.class);
  private static final Path SYSFS = Path.of("/sys");
  private static final int BAD_OPTIONS = 2;
  private static final int SYSTEM_REFUSED = 3;

  /** The first request of a process on a loaded node can take longer than the client's 10 s. */
  private static final int REQUEST_TIMEOUT_MILLIS = 30_000;

  private static final Duration LONGEST_ROUND = Duration.ofSeconds(60);

  /** Less than the kubelet gives it by the chart's values. */
  private static final Duration LONGEST_END = Duration.ofSeconds(9);

  private AgentMain() {}

  /** The process's entry. */
  public static void main(String[] arguments) {
    switch (AgentConfig.parse(List.of(arguments), System.getenv())) {
      case AgentConfig.Result.Help(String text) -> System.out.print(text);
      case AgentConfig.Result.Invalid(List<String> problems) -> {
        problems.forEach(problem -> System.err.println("rdmagid-agent: " + problem));
        System.exit(BAD_OPTIONS);
      }
      case AgentConfig.Result.Valid(AgentConfig config) -> System.exit(run(config));
    }
  }

  private static int run(AgentConfig config) {
    config.logLevel().apply();
    withoutHugePages();
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    CountDownLatch ended = new CountDownLatch(1);
    try (KubernetesClient client = client();
        QueryEdge queries = queries(config, registry);
        AllocationTier tier = tier(config, client, registry)) {
      observe(
          config, client, registry, Optional.ofNullable(tier), Optional.ofNullable(queries), ended);
      return 0;
    } catch (IOException | RuntimeException e) {
      LOG.atError().setCause(e).log("agent cannot go on");
      return SYSTEM_REFUSED;
    } finally {
      ended.countDown();
    }
  }

  /** Where the kernel refuses, the agent is bigger, and works as well. */
  private static void withoutHugePages() {
    int refused = HugePages.none();
    if (refused != 0) {
      LOG.atInfo()
          .addKeyValue("reason", Errno.describe(refused))
          .log("huge pages are not turned off");
    }
  }

  /** Null where the tables are not served. */
  private static @Nullable QueryEdge queries(AgentConfig config, PrometheusMeterRegistry registry)
      throws IOException {
    return config.querySocket().isPresent()
        ? QueryEdge.start(
            config.querySocket().get(),
            config.recording().isPresent()
                ? UnaryOperator.identity()
                : inventory -> OneReading.withForeign(inventory, SYSFS),
            registry)
        : null;
  }

  /** Null where devices are only shown. */
  private static @Nullable AllocationTier tier(
      AgentConfig config, KubernetesClient client, PrometheusMeterRegistry registry)
      throws IOException {
    return config.allocate()
        ? new AllocationTier(
            client,
            config.nodeName(),
            config
                .criSocket()
                .map(AllocationTier.Paths.USUAL::withRuntime)
                .orElse(AllocationTier.Paths.USUAL),
            config.kubeletRegistration(),
            config.containerHook(),
            registry)
        : null;
  }

  /**
   * Reads and publishes on the calling thread until the process is told to end.
   *
   * @param ended once all that the agent has open is closed
   */
  private static void observe(
      AgentConfig config,
      KubernetesClient client,
      PrometheusMeterRegistry registry,
      Optional<AllocationTier> tier,
      Optional<QueryEdge> queries,
      CountDownLatch ended)
      throws IOException {
    Clock clock = Clock.systemUTC();
    try (ClusterPublication publication =
        ClusterPublication.start(
            client,
            config.nodeName(),
            config.resync(),
            new PublishMetrics(registry),
            clock,
            labels -> tier.ifPresent(allocation -> allocation.nodeLabels(labels)))) {
      tier.ifPresentOrElse(
          allocation -> allocation.showTo(publication::offered),
          () -> publication.offered(Map.of()));
      InventoryListener listener =
          new InventoryListener() {
            @Override
            public void changed(Inventory inventory, Instant eventAt, Instant readAt) {
              Runnable publish = () -> publication.changed(inventory, eventAt);
              // Pods first: a wrong index in a container is worse than an old row in a table. And
              // what becomes of a port and what its pool makes of that is one write.
              tier.ifPresentOrElse(allocation -> allocation.read(inventory, publish), publish);
              queries.ifPresent(edge -> edge.changed(inventory, eventAt, readAt));
            }

            @Override
            public void looked() {
              tier.ifPresent(AllocationTier::look);
            }
          };
      Observation observation = observation(config, listener, new ObserveMetrics(registry), clock);
      Runtime.getRuntime()
          .addShutdownHook(
              Thread.ofPlatform().name("shutdown").unstarted(() -> end(observation, ended)));
      try (ManagementServer management =
          ManagementServer.start(
              config.managementAddress(),
              liveness(publication, observation, tier, queries),
              readiness(publication, tier),
              registry)) {
        LOG.atInfo()
            .addKeyValue("node", config.nodeName())
            .addKeyValue("management", management.address())
            .log("agent started");
        observation.run().run(); // on the main thread: the agent lives as long as it observes
      }
    }
  }

  /** The process ends with its hooks, whatever the other threads are about to close. */
  private static void end(Observation observation, CountDownLatch ended) {
    observation.stop().run();
    try {
      if (!ended.await(LONGEST_END.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.atWarn().log("agent ends with something still open");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static List<Check> liveness(
      ClusterPublication publication,
      Observation observation,
      Optional<AllocationTier> tier,
      Optional<QueryEdge> queries) {
    List<Check> checks = new ArrayList<>();
    checks.add(
        new Check(
            "publish", () -> CheckResult.of(publication.isAlive(), "the publishing thread ended")));
    checks.add(observing(observation.busy()));
    tier.ifPresent(allocation -> checks.addAll(allocation.liveness()));
    queries.ifPresent(edge ->
        checks.add(
            new Check(
                "query",
                () -> CheckResult.of(edge.isAlive(), "the query service's thread ended"))));
    return checks;
  }

  private static List<Check> readiness(
      ClusterPublication publication, Optional<AllocationTier> tier) {
    List<Check> checks = new ArrayList<>();
    checks.add(
        new Check(
            "published",
            () -> CheckResult.of(publication.hasPublished(), "nothing published yet")));
    checks.add(
        new Check(
            "publishes",
            () ->
                CheckResult.of(
                    !publication.isCutOff(), "what changed does not reach the API server")));
    tier.ifPresent(allocation -> checks.addAll(allocation.readiness()));
    return checks;
  }

  /**
   * A client that makes each request once: one that repeated a write by itself would write what is
   * no longer true. The publishing loop tries again, with the newest inventory and after reading
   * what the server has.
   */
  private static KubernetesClient client() {
    Config config = Config.autoConfigure(null);
    config.setRequestRetryBackoffLimit(0);
    config.setConnectionTimeout(REQUEST_TIMEOUT_MILLIS);
    config.setRequestTimeout(REQUEST_TIMEOUT_MILLIS);
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  /** Fails when a native call hangs: nothing else would tell. */
  static Check observing(Supplier<Duration> busy) {
    return new Check(
        "observe",
        () ->
            CheckResult.of(
                busy.get().compareTo(LONGEST_ROUND) <= 0,
                "the observing thread has been in one round for more than "
                    + LONGEST_ROUND.toSeconds()
                    + " s"));
  }

  private record Observation(Runnable run, Runnable stop, Supplier<Duration> busy) {}

  private static Observation observation(
      AgentConfig config, InventoryListener listener, ObserveMetrics metrics, Clock clock) {
    if (config.recording().isPresent()) {
      RecordingObserver observer = new RecordingObserver(config.recording().get(), listener, clock);
      return new Observation(observer, observer::stop, () -> Duration.ZERO);
    }
    KernelObserver observer =
        new KernelObserver(
            new KernelObserver.Settings(
                SYSFS, NativeVerbs.DEVICE_NODES, config.resync(), config.access()),
            listener,
            metrics,
            clock);
    return new Observation(observer, observer::stop, observer::busy);
  }
}
