package io.rdmagid.operator.eviction;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rdmagid.api.v1alpha1.RdmaGidAssignment;
import io.rdmagid.api.v1alpha1.RdmaGidPool;
import io.rdmagid.operator.Informed;
import io.rdmagid.operator.TestClock;
import io.rdmagid.operator.failover.Budget;
import io.rdmagid.operator.failover.Progress;
import io.rdmagid.operator.failover.ProgressMapping;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Operators that end at any of their writes, before it is done or before they hear of it, and
 * others that go on by what the server has: {@link EvictionsResumedTest} with all requests.
 */
class OperatorLostTest {
  private static final double BREAKER_SHARE = 0.9;
  private static final Budget BUDGET = new Budget(10, Duration.ofMinutes(10));
  private static final Duration GRACE = Duration.ofSeconds(60);
  private static final Duration STEP = Duration.ofSeconds(30);

  private static final Pod AGENT =
      Serialization.unmarshal(
          """
          kind: Pod
          metadata: {namespace: rdmagid, name: agent, labels: {app.kubernetes.io/name: rdmagid-agent}}
          spec: {nodeName: node-a}
          status: {conditions: [{type: Ready, status: "True", lastTransitionTime: "2026-03-01T11:00:00Z"}]}
          """,
          Pod.class);

  private final TestClock clock = new TestClock();

  /** Two jobs of two pods, of each the first is broken, and a broken pod of its own. */
  private static LosingServer server(String onGidChange) {
    LosingServer server =
        new LosingServer(
            Serialization.unmarshal(
                """
                kind: RdmaGidPool
                metadata: {name: rails, uid: uid-rails, generation: 1, creationTimestamp: "2026-01-01T00:00:00Z"}
                spec: {ports: [{}], failover: {onGidChange: %s, gracePeriodSeconds: %d}}
                """
                    .formatted(onGidChange, GRACE.toSeconds()),
                RdmaGidPool.class));
    for (String broken : List.of("a-0", "b-0", "c-0")) {
      put(server, broken, true);
    }
    for (String well : List.of("a-1", "b-1")) {
      put(server, well, false);
    }
    return server;
  }

  private static void put(LosingServer server, String name, boolean broken) {
    server.put(
        Serialization.unmarshal(
            """
            kind: Pod
            metadata: {namespace: team, name: %s, uid: uid-%1$s, labels: {rdmagid.io/group: %s}}
            status: {phase: Running}
            """
                .formatted(name, name.substring(0, 1)),
            Pod.class),
        Serialization.unmarshal(
            """
            kind: RdmaGidAssignment
            metadata: {namespace: team, name: %s}
            spec: {nodeName: node-a, podUID: uid-%1$s}
            status:
              ports:
              - {container: train, pool: rails, device: mlx5_0, port: 1, scope: Pod, generation: 2, ruleRevision: 1,
                 selectorVersion: 1, injected: [RDMAGID_RAILS_0_GID_INDEX], %s}
            """
                .formatted(
                    name,
                    broken
                        ? "state: none"
                        : "state: current, gidIndex: 3, gid: \"::ffff:10.0.0.1\", type: RoCEv2, netdev: net1"),
            RdmaGidAssignment.class));
  }

  /** What an operator that has just started does in its first turn, or until it is lost. */
  private void turn(LosingServer server) {
    FailoverReconciler operator =
        new FailoverReconciler(
            server.client(),
            "rdmagid",
            new FailoverSettings(BREAKER_SHARE, BUDGET, BUDGET),
            "operator",
            new SimpleMeterRegistry(),
            clock);
    Map<Class<?>, List<?>> objects =
        Map.of(RdmaGidAssignment.class, server.assignments(), Pod.class, List.of(AGENT));
    Informed.fill(
        operator,
        RdmaGidPool.class,
        server.client(),
        new Informed.Objects() {
          @Override
          @SuppressWarnings("unchecked") // each list is of its class
          public <R> List<R> of(Class<R> type) {
            return (List<R>) objects.get(type);
          }
        });
    RdmaGidPool pool = server.pool();
    UpdateControl<RdmaGidPool> _ = operator.reconcile(pool, Informed.context(List.of(pool)));
  }

  /**
   * Another operator comes where one is lost.
   *
   * @param late whether the pods that were evicted are gone by then
   * @return whether one was lost
   */
  private boolean turns(LosingServer server, Duration time, boolean late) {
    boolean lost = false;
    for (Duration gone = Duration.ZERO; gone.compareTo(time) < 0; gone = gone.plus(STEP)) {
      try {
        turn(server);
      } catch (KubernetesClientException e) {
        lost = true;
        assertThat(server.wasLost()).as(e.toString()).isTrue();
        if (late) {
          server.go();
        }
        turn(server);
      }
      clock.advance(STEP);
      server.go();
    }
    return lost;
  }

  private static Progress progress(LosingServer server) {
    return ProgressMapping.parse(server.pool().getStatus().failover()).orElseThrow();
  }

  /** How many writes there are where nobody is lost. */
  private int writes(String onGidChange) {
    try (LosingServer server = server(onGidChange)) {
      assertThat(turns(server, Duration.ofMinutes(3), false)).isFalse();
      return server.writes();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "Evict, false, a-0 b-0 c-0",
    "Evict, true, a-0 b-0 c-0",
    "EvictGroup, false, a-0 a-1 b-0 b-1 c-0",
    "EvictGroup, true, a-0 a-1 b-0 b-1 c-0"
  })
  void noEvictionIsLostOrDoneTwiceWhereverTheOperatorEnds(
      String onGidChange, boolean afterwards, String pods) {
    List<String> expected = List.of(pods.split(" "));
    List<String> told = new ArrayList<>();
    List.of("a-0", "b-0", "c-0").forEach(pod -> told.add("EvictionPlanned " + pod));
    expected.forEach(pod -> told.add("EvictedForFailover " + pod));
    int writes = writes(onGidChange);
    assertThat(writes).isGreaterThan(18);
    for (int write = 0; write < writes; write++) {
      try (LosingServer server = server(onGidChange)) {
        server.loseAt(write, afterwards);
        assertThat(turns(server, Duration.ofMinutes(3), false)).as("lost at %d", write).isTrue();

        assertThat(server.evicted())
            .as("lost at %d", write)
            .containsExactlyInAnyOrderElementsOf(expected);
        assertThat(server.told()).as("lost at %d", write).containsExactlyInAnyOrderElementsOf(told);
        assertThat(server.charged()).as("lost at %d", write).hasSize(3);
        assertThat(progress(server).window().map(Budget.Window::evictions))
            .as("lost at %d", write)
            .contains(3);
        assertThat(progress(server).groups()).as("lost at %d", write).isEmpty();
      }
    }
  }

  /** Nobody can tell by then who deleted it. */
  @Test
  void theEventOfOneEvictionIsLostWhereThePodIsGoneBeforeAnotherOperatorLooks() {
    Set<Long> told = new HashSet<>();
    int writes = writes("Evict");
    for (int write = 0; write < writes; write++) {
      try (LosingServer server = server("Evict")) {
        server.loseAt(write, true);
        assertThat(turns(server, Duration.ofMinutes(3), true)).as("lost at %d", write).isTrue();

        assertThat(server.evicted())
            .as("lost at %d", write)
            .containsExactlyInAnyOrder("a-0", "b-0", "c-0");
        told.add(
            server.told().stream().filter(event -> event.startsWith("EvictedForFailover")).count());
        assertThat(progress(server).groups()).as("lost at %d", write).isEmpty();
      }
    }
    assertThat(told).containsExactlyInAnyOrder(2L, 3L);
  }
}
