package io.rdmagid.operator.staleness;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.rdmagid.api.v1alpha1.RdmaGid;
import io.rdmagid.api.v1alpha1.RdmaGidStatus;
import io.rdmagid.operator.Golden;
import io.rdmagid.operator.GoldenServer;
import io.rdmagid.operator.Informed;
import io.rdmagid.operator.TestClock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

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
