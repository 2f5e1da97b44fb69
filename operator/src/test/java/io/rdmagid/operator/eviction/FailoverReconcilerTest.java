package io.rdmagid.operator.eviction;

import static org.assertj.core.api.Assertions.assertThat;

import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rdmagid.api.v1alpha1.RdmaGidPool;
import io.rdmagid.operator.Golden;
import io.rdmagid.operator.GoldenServer;
import io.rdmagid.operator.Informed;
import io.rdmagid.operator.TestClock;
import io.rdmagid.operator.failover.Budget;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FailoverReconcilerTest {
  private static final Budget BUDGET = new Budget(2, Duration.ofMinutes(10));
  private static final double BREAKER_SHARE = 0.2;

  private final TestClock clock = new TestClock();

  static List<Golden> files() {
    return Golden.in("failover");
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
