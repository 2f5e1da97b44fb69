package io.rdmagid.operator.staleness;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.rdmagid.api.v1alpha1.RdmaGid;
import io.rdmagid.api.v1alpha1.RdmaGidStatus;
import io.rdmagid.operator.FakeServer;
import io.rdmagid.operator.Golden;
import io.rdmagid.operator.GoldenServer;
import io.rdmagid.operator.Informed;
import io.rdmagid.operator.TestClock;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class StalenessReconcilerTest {
  /** More turns than any file needs. */
  private static final int MOST_TURNS = 10;

  private final TestClock clock = new TestClock();

  static List<Golden> files() {
    return Golden.in("staleness");
  }

  /** From turn to turn as it wants to be called again, with what it wrote. */
  @ParameterizedTest
  @MethodSource("files")
  void whatIsSaidOfNodesByTheirAgents(Golden golden) {
    try (GoldenServer server = new GoldenServer(golden)) {
      StalenessReconciler reconciler = new StalenessReconciler(server.client(), "rdmagid", clock);
      Map<String, Object> shown = new LinkedHashMap<>();
      Map<String, Object> made = new LinkedHashMap<>();
      Optional<Duration> again = Optional.of(Duration.ZERO);
      for (int turn = 0; turn < MOST_TURNS && again.isPresent(); turn++) {
        clock.advance(again.get());
        Informed.fill(reconciler, Lease.class, server.client(), with(golden, shown));
        Lease lease = new Lease();

        UpdateControl<Lease> control =
            reconciler.reconcile(lease, Informed.context(List.of(lease)));

        assertThat(control.isNoUpdate()).as("it writes by itself").isTrue();
        again = control.getScheduleDelay().map(Duration::ofMillis);
        Map<String, Object> written = server.takeApplied();
        shown.putAll(written);
        made.put(clock.instant().toString(), written);
      }
      assertThat(again).as("then it rests").isEmpty();
      golden.check(made);
    }
  }

  /** One that some policy of the cluster refuses, say; all others, whatever their names. */
  @ParameterizedTest
  @ValueSource(ints = {403, 422, 500})
  void whatIsRefusedHoldsUpNoOtherAndIsTriedAgainAMinuteLater(int code) {
    List<String> names = List.of("a", "b", "c");
    Set<String> refused = new HashSet<>(List.of("a"));
    try (FakeServer server =
        new FakeServer((request, exchange) -> {
          if (refused.stream().anyMatch(name -> request.path().endsWith("/" + name + "/status"))) {
            FakeServer.refuse(exchange, code, FakeServer.FAILED_WEBHOOK);
          } else {
            FakeServer.send(exchange, 200, request.body());
          }
        })) {
      StalenessReconciler reconciler = new StalenessReconciler(server.client(), "rdmagid", clock);
      Informed.fill(
          reconciler,
          Lease.class,
          server.client(),
          new Informed.Objects() {
            @Override
            @SuppressWarnings("unchecked") // each list is of its class
            public <R> List<R> of(Class<R> type) {
              return (List<R>)
                  (type == RdmaGid.class
                      ? names.stream().map(StalenessReconcilerTest::gid).toList()
                      : names.stream().map(StalenessReconcilerTest::agent).toList());
            }
          });
      Lease lease = new Lease();

      assertThat(turn(reconciler, lease)).contains(Duration.ofMinutes(1).plusMillis(1));
      assertThat(written(server)).containsExactly("a", "b", "c");

      Optional<Duration> _ = turn(reconciler, lease);
      assertThat(written(server)).as("not before").containsExactly("b", "c");

      refused.clear();
      clock.advance(Duration.ofMinutes(1));
      assertThat(turn(reconciler, lease)).isEmpty();
      assertThat(written(server)).containsExactly("a", "b", "c");
    }
  }

  private static Optional<Duration> turn(StalenessReconciler reconciler, Lease lease) {
    return reconciler
        .reconcile(lease, Informed.context(List.of(lease)))
        .getScheduleDelay()
        .map(Duration::ofMillis);
  }

  /** The objects that were tried since this was asked. */
  private static List<String> written(FakeServer server) {
    List<String> written =
        server.requests.stream()
            .map(request -> request.path().replaceAll(".*/([^/]+)/status", "$1"))
            .toList();
    server.requests.clear();
    return written;
  }

  /** As it is before anybody said whether its node reports, which this server does not keep. */
  private static RdmaGid gid(String name) {
    return Serialization.unmarshal(
        """
        kind: RdmaGid
        metadata: {name: %1$s}
        spec: {nodeName: %1$s, device: mlx5_0, port: 1}
        """
            .formatted(name),
        RdmaGid.class);
  }

  private static Pod agent(String node) {
    return Serialization.unmarshal(
        """
        kind: Pod
        metadata: {namespace: rdmagid, name: agent-%1$s, labels: {app.kubernetes.io/name: rdmagid-agent}}
        spec: {nodeName: %1$s}
        status: {conditions: [{type: Ready, status: "True", lastTransitionTime: "2026-03-01T11:00:00Z"}]}
        """
            .formatted(node),
        Pod.class);
  }

  /** The objects of the file, with what was written since. */
  private static Informed.Objects with(Golden golden, Map<String, Object> shown) {
    return new Informed.Objects() {
      @Override
      public <R> List<R> of(Class<R> type) {
        List<R> objects = golden.objects(type);
        for (R object : objects) {
          if (object instanceof RdmaGid gid) {
            Object status = shown.get("RdmaGid " + gid.getMetadata().getName());
            if (status != null) {
              gid.setStatus(
                  Serialization.unmarshal(Serialization.asJson(status), RdmaGidStatus.class));
            }
          }
        }
        return objects;
      }
    };
  }
}
