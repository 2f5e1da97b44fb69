package io.rdmagid.operator.eviction;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rdmagid.api.v1alpha1.RdmaGidAssignment;
import io.rdmagid.api.v1alpha1.RdmaGidPool;
import io.rdmagid.operator.Golden;
import io.rdmagid.operator.GoldenServer;
import io.rdmagid.operator.Informed;
import io.rdmagid.operator.TestClock;
import io.rdmagid.operator.failover.Breaker;
import io.rdmagid.operator.failover.Budget;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FailoverReconcilerTest {
  private static final Budget BUDGET = new Budget(2, Duration.ofMinutes(10));
  private static final double BREAKER_SHARE = 0.2;

  private final TestClock clock = new TestClock();

  static List<Golden> files() {
    return Golden.in("failover");
  }

  /** Each record of the cluster that changes makes a turn of each pool. */
  @Test
  void aPoolThatOnlyRefreshesIsDoneWithBeforePodsAreLookedAt() {
    try (FakeServer server = new FakeServer()) {
      SimpleMeterRegistry registry = new SimpleMeterRegistry();
      FailoverReconciler reconciler =
          new FailoverReconciler(
              server.client(),
              "rdmagid",
              new FailoverSettings(BREAKER_SHARE, BUDGET, BUDGET),
              "operator-1",
              registry,
              clock);
      fillWithBrokenPods(reconciler, server);
      Gauge breaker = registry.get("rdmagid.failover.breaker.open").gauge();
      RdmaGidPool evicts = pool("Evict");
      UpdateControl<RdmaGidPool> busy =
          reconciler.reconcile(evicts, Informed.context(List.of(evicts)));
      assertThat(busy.getScheduleDelay()).isPresent();
      assertThat(breaker.value()).as("all pods are looked at").isEqualTo(1);
      int requests = server.requests().size();

      RdmaGidPool refreshes = pool("Refresh");
      UpdateControl<RdmaGidPool> idle =
          reconciler.reconcile(refreshes, Informed.context(List.of(refreshes, evicts)));
      assertThat(idle.getScheduleDelay()).isEmpty();
      assertThat(breaker.value()).as("another pool evicts").isEqualTo(1);

      UpdateControl<RdmaGidPool> _ =
          reconciler.reconcile(refreshes, Informed.context(List.of(refreshes)));
      assertThat(breaker.value()).as("none evicts").isZero();
      assertThat(server.requests()).hasSize(requests);
    }
  }

  private static RdmaGidPool pool(String onGidChange) {
    return Serialization.unmarshal(
        """
        kind: RdmaGidPool
        metadata: {name: rails, uid: uid-rails, resourceVersion: "1", generation: 1,
          creationTimestamp: "2026-01-01T00:00:00Z"}
        spec: {ports: [{}], failover: {onGidChange: %s}}
        """
            .formatted(onGidChange),
        RdmaGidPool.class);
  }

  /** Of ten pods, on a node whose agent is ready, no port has a GID any more. */
  private static void fillWithBrokenPods(FailoverReconciler reconciler, FakeServer server) {
    Pod agent =
        Serialization.unmarshal(
            """
            kind: Pod
            metadata: {namespace: rdmagid, name: agent, labels: {app.kubernetes.io/name: rdmagid-agent}}
            spec: {nodeName: node-a}
            status: {conditions: [{type: Ready, status: "True", lastTransitionTime: "2026-03-01T11:00:00Z"}]}
            """,
            Pod.class);
    List<RdmaGidAssignment> broken =
        IntStream.range(0, Breaker.FEW)
            .mapToObj(number ->
                Serialization.unmarshal(
                    """
                    kind: RdmaGidAssignment
                    metadata: {namespace: team, name: pod-%d}
                    spec: {nodeName: node-a, podUID: uid-%1$d}
                    status:
                      ports:
                      - {container: train, pool: rails, device: mlx5_0, port: 1, scope: Pod, generation: 2,
                         ruleRevision: 1, selectorVersion: 1, injected: [RDMAGID_RAILS_0_GID_INDEX], state: none}
                    """
                        .formatted(number),
                    RdmaGidAssignment.class))
            .toList();
    Map<Class<?>, List<?>> objects =
        Map.of(RdmaGidAssignment.class, broken, Pod.class, List.of(agent));
    Informed.fill(
        reconciler,
        RdmaGidPool.class,
        server.client(),
        new Informed.Objects() {
          @Override
          @SuppressWarnings("unchecked") // each list is of its class
          public <R> List<R> of(Class<R> type) {
            return (List<R>) objects.get(type);
          }
        });
  }

  /** One turn for each pool, at 12:00:00. */
  @ParameterizedTest
  @MethodSource("files")
  void whatATurnDoesAndTells(Golden golden) {
    try (GoldenServer server = new GoldenServer(golden)) {
      FailoverReconciler reconciler =
          new FailoverReconciler(
              server.client(),
              "rdmagid",
              new FailoverSettings(BREAKER_SHARE, BUDGET, BUDGET),
              "operator-1",
              new SimpleMeterRegistry(),
              clock);
      Informed.fill(reconciler, RdmaGidPool.class, server.client(), golden::objects);
      List<RdmaGidPool> pools = golden.objects(RdmaGidPool.class);
      Map<String, Object> again = new LinkedHashMap<>();
      for (RdmaGidPool pool : pools) {
        UpdateControl<RdmaGidPool> control = reconciler.reconcile(pool, Informed.context(pools));
        assertThat(control.isNoUpdate()).as("it writes by itself").isTrue();
        again.put(
            pool.getMetadata().getName(),
            control
                .getScheduleDelay()
                .map(Duration::ofMillis)
                .map(Duration::toString)
                .orElse("never"));
      }

      Map<String, Object> made = new LinkedHashMap<>();
      made.put("statuses", server.takeApplied());
      made.put("evictions", server.evictions());
      made.put("events", server.events());
      made.put("again", again);
      golden.check(made);
    }
  }
}
