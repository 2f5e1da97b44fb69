package io.rdmagid.deviceplugin.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.deviceplugin.kubelet.PoolState.Absence;
import io.rdmagid.deviceplugin.workload.NodeNotice;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AbsencesTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  /** As good as any: {@code System.nanoTime} may be negative, and may turn over. */
  private static final long START = Long.MAX_VALUE - 10 * SECOND;

  private final Absences absences = new Absences();

  private static PoolState registered(String pool) {
    return new PoolState(pool, "rdmagid.io/" + pool, Optional.empty());
  }

  private static PoolState absent(String pool, long since) {
    return new PoolState(
        pool, "rdmagid.io/" + pool, Optional.of(new Absence(since, "no such file")));
  }

  private List<NodeNotice> notices(long now, PoolState... states) {
    return absences.notices(List.of(states), now);
  }

  @Test
  void whatTheKubeletHasIsNotOverdue() {
    assertThat(Absences.overdue(List.of(), START)).isEmpty();
    assertThat(Absences.overdue(List.of(registered("rail")), START)).isEmpty();
    assertThat(notices(START, registered("rail"))).isEmpty();
    assertThat(absences.dueIn(List.of(registered("rail")), START))
        .isEqualTo(DeviceListStream.NOTHING_DUE);
  }

  @Test
  void aKubeletMayTakeHalfAMinuteToStart() {
    List<PoolState> states = List.of(absent("rail", START));

    assertThat(Absences.overdue(states, START + 30 * SECOND - 1)).isEmpty();
    assertThat(absences.notices(states, START + 30 * SECOND - 1)).isEmpty();
    assertThat(absences.dueIn(states, START + 30 * SECOND - 1)).isOne();
    assertThat(Absences.overdue(states, START + 30 * SECOND)).isPresent();
    assertThat(absences.notices(states, START + 30 * SECOND)).hasSize(1);
  }

  @Test
  void eachPoolIsNamedWithItsReasonAndSinceWhen() {
    List<PoolState> states =
        List.of(
            absent("rail", START),
            registered("spine"),
            absent("young", START + 20 * SECOND),
            absent("storage", START + 5 * SECOND));

    assertThat(Absences.overdue(states, START + 40 * SECOND))
        .contains(
            "the kubelet has not had pool rail (rdmagid.io/rail) for 40 s: no such file;"
                + " pool storage (rdmagid.io/storage) for 35 s: no such file");
  }

  @Test
  void aWarningIsGivenOnceAndItsEndTold() {
    assertThat(notices(START + 31 * SECOND, absent("rail", START)))
        .containsExactly(
            new NodeNotice(
                true,
                "DevicePluginNotRegistered",
                "Register",
                "New pods get no device: the kubelet has not had pool rail (rdmagid.io/rail) for 31"
                    + " s: no such file"));
    assertThat(notices(START + 99 * SECOND, absent("rail", START))).isEmpty();
    assertThat(absences.dueIn(List.of(absent("rail", START)), START + 99 * SECOND))
        .isEqualTo(DeviceListStream.NOTHING_DUE);

    assertThat(notices(START + 100 * SECOND, registered("rail")))
        .containsExactly(
            new NodeNotice(
                false,
                "DevicePluginRegistered",
                "Register",
                "The kubelet has pool rail (rdmagid.io/rail) again"));
    assertThat(notices(START + 101 * SECOND, registered("rail"))).isEmpty();
    assertThat(notices(START + 140 * SECOND, absent("rail", START + 105 * SECOND))).hasSize(1);
  }

  @Test
  void aRestartOfTheKubeletIsNoNews() {
    assertThat(notices(START, registered("rail"))).isEmpty();
    assertThat(notices(START + 10 * SECOND, absent("rail", START + SECOND))).isEmpty();
    assertThat(notices(START + 11 * SECOND, registered("rail"))).isEmpty();
  }

  @Test
  void thePoolThatIsDueNextCounts() {
    List<PoolState> states = List.of(absent("rail", START + SECOND), absent("spine", START));

    assertThat(absences.dueIn(states, START + 10 * SECOND)).isEqualTo(20 * SECOND);
    assertThat(absences.notices(states, START + 30 * SECOND)).hasSize(1);
    assertThat(absences.dueIn(states, START + 30 * SECOND)).isEqualTo(SECOND);
  }

  @Test
  void aPoolThatIsGoneIsForgotten() {
    assertThat(notices(START + 30 * SECOND, absent("rail", START))).hasSize(1);
    assertThat(notices(START + 31 * SECOND)).isEmpty();

    assertThat(notices(START + 32 * SECOND, registered("rail"))).isEmpty();
  }
}
