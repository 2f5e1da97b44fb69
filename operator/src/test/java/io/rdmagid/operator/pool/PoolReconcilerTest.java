package io.rdmagid.operator.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.rdmagid.api.v1alpha1.RdmaGidPool;
import io.rdmagid.api.v1alpha1.RdmaGidPoolStatus;
import io.rdmagid.operator.TestClock;
import io.rdmagid.operator.fact.ClusterFacts;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PoolReconcilerTest {
  private final TestClock clock = new TestClock();
  private final PoolReconciler reconciler = new PoolReconciler(new ClusterFacts(), clock);
  private @Nullable RdmaGidPoolStatus shown;

  /** The server refuses it where somebody else wrote since, and for another pool of the name. */
  @Test
  void aStatusIsWrittenOverTheOneThatWasRead() {
    RdmaGidPool read = new RdmaGidPool();
    read.setMetadata(
        new ObjectMetaBuilder()
            .withName("rails")
            .withUid("uid-1")
            .withResourceVersion("7")
            .withGeneration(2L)
            .withFinalizers(RdmaGidPool.HELD)
            .build());
    RdmaGidPoolStatus status = new RdmaGidPoolStatus(null, 1, 2, 2, 0, null, List.of());

    RdmaGidPool applied = PoolReconciler.applied(read, status);

    assertThat(applied.getMetadata())
        .isEqualTo(
            new ObjectMetaBuilder()
                .withName("rails")
                .withUid("uid-1")
                .withResourceVersion("7")
                .build());
    assertThat(applied.getStatus()).isEqualTo(status);
  }

  @Test
  void countsThatKeepChangingAreWrittenInTheEnd() {
    assertThat(look(status(1, "AllPortsServe")).isPatchStatus()).as("the first").isTrue();
    assertThat(look(status(2, "AllPortsServe")).isPatchStatus()).as("counts only").isTrue();

    UpdateControl<RdmaGidPool> early = look(status(3, "AllPortsServe"));
    assertThat(early.isPatchStatus()).isFalse();
    assertThat(early.getScheduleDelay()).contains(CountPace.SHORTEST.toMillis());

    clock.advance(CountPace.SHORTEST);
    assertThat(look(status(4, "AllPortsServe")).isPatchStatus()).isTrue();
    assertThat(shown).isEqualTo(status(4, "AllPortsServe"));
    assertThat(look(status(4, "AllPortsServe")).isNoUpdate()).isTrue();
  }

  @Test
  void whatIsMoreThanACountWaitsForNoCount() {
    look(status(1, "AllPortsServe"));
    look(status(2, "AllPortsServe"));
    assertThat(look(status(3, "AllPortsServe")).isPatchStatus()).isFalse();

    assertThat(look(status(3, "PortsCannotServe")).isPatchStatus()).as("a condition").isTrue();
    assertThat(look(status(0, "PortsCannotServe")).isPatchStatus())
        .as("podsPerPort may change from now on")
        .isTrue();
    assertThat(look(status(1, "PortsCannotServe")).isPatchStatus())
        .as("podsPerPort may no longer")
        .isTrue();
  }

  @Test
  void aPoolIsLookedAtWhenTheFirstOfTwoReasonsIs() {
    look(status(1, "AllPortsServe"));
    look(status(2, "AllPortsServe"));
    for (Duration rule : List.of(Duration.ofMillis(7), Duration.ofHours(1))) {
      UpdateControl<RdmaGidPool> control =
          look(new PoolStatuses.Made(status(3, "AllPortsServe"), Optional.of(rule)));
      assertThat(control.getScheduleDelay())
          .contains(Math.min(rule.toMillis(), CountPace.SHORTEST.toMillis()));
    }
  }

  private static RdmaGidPoolStatus status(int allocated, String degraded) {
    return new RdmaGidPoolStatus(
        null,
        1,
        2,
        2,
        allocated,
        null,
        List.of(
            new ConditionBuilder()
                .withType(RdmaGidPoolStatus.DEGRADED)
                .withReason(degraded)
                .build()));
  }

  private UpdateControl<RdmaGidPool> look(RdmaGidPoolStatus made) {
    return look(new PoolStatuses.Made(made, Optional.empty()));
  }

  /** Looks once, and keeps what is written, beside what failover writes. */
  private UpdateControl<RdmaGidPool> look(PoolStatuses.Made made) {
    RdmaGidPool read = new RdmaGidPool();
    read.setMetadata(new ObjectMetaBuilder().withName("rails").build());
    read.setStatus(shown);
    UpdateControl<RdmaGidPool> control = reconciler.written(read, made);
    if (control.isPatchStatus()) {
      shown = control.getResource().orElseThrow().getStatus();
    }
    return control;
  }
}
