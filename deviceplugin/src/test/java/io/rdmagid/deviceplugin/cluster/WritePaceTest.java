package io.rdmagid.deviceplugin.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class WritePaceTest {
  private static final long START = -7;

  private static final Duration POOLS_WAIT = Duration.ofSeconds(3);

  private final WritePace pace = new WritePace(POOLS_WAIT);

  private static long after(Duration duration) {
    return START + duration.toNanos();
  }

  private void write(String port, int count, long now) {
    for (int i = 0; i < count; i++) {
      assertThat(pace.portDueAt(port, now)).isEmpty();
      pace.portWritten(port, now);
    }
  }

  @Test
  void aPortThatKeepsChangingWaitsAndAnotherDoesNot() {
    write("a", WritePace.PORT_BURST, START);

    long due = after(WritePace.PORT_INTERVAL);
    assertThat(pace.portDueAt("a", START)).isEqualTo(OptionalLong.of(due));
    assertThat(pace.portDueAt("b", START)).isEmpty();
    assertThat(pace.portDueAt("a", due - 1)).isPresent();
    write("a", 1, due);
    assertThat(pace.portDueAt("a", due)).isPresent();
  }

  @Test
  void theAgentAsAWholeWaitsTooHoweverManyPortsItHas() {
    for (int i = 0; i < WritePace.AGENT_BURST; i++) {
      write("port-" + i, 1, START);
    }

    long due = after(WritePace.AGENT_INTERVAL);
    assertThat(pace.portDueAt("another", START)).isEqualTo(OptionalLong.of(due));
    assertThat(pace.portDueAt("another", due)).isEmpty();
  }

  @Test
  void whoeverHasToWaitForBothWaitsForTheLater() {
    write("a", WritePace.PORT_BURST, START);
    for (int i = WritePace.PORT_BURST; i < WritePace.AGENT_BURST; i++) {
      write("port-" + i, 1, START);
    }

    assertThat(pace.portDueAt("a", START))
        .isEqualTo(OptionalLong.of(after(WritePace.PORT_INTERVAL)));
  }

  @Test
  void theNodeIsWrittenAtOnceAndThenAfterItsInterval() {
    assertThat(pace.nodeDueAt(START)).isEmpty();
    pace.nodeWritten(START);

    long due = after(WritePace.NODE_INTERVAL);
    assertThat(pace.nodeDueAt(due - 1)).isEqualTo(OptionalLong.of(due));
    assertThat(pace.nodeDueAt(due)).isEmpty();
  }

  @Test
  void whatGetsWorseIsToldOnlyIfItStaysSo() {
    long due = after(WritePace.WORSE_WAITS);
    assertThat(pace.tellableAt("a", WritePace.Difference.WORSE, START))
        .isEqualTo(OptionalLong.of(due));
    assertThat(pace.tellableAt("a", WritePace.Difference.WORSE, due - 1))
        .isEqualTo(OptionalLong.of(due));
    assertThat(pace.tellableAt("a", WritePace.Difference.WORSE, due)).isEmpty();

    assertThat(pace.tellableAt("b", WritePace.Difference.WORSE, START)).isPresent();
    assertThat(pace.tellableAt("b", WritePace.Difference.OTHER, START + 1)).isEmpty();
    assertThat(pace.tellableAt("b", WritePace.Difference.WORSE, due)).isPresent();
  }

  @Test
  void whatPoolsMakeOfAPortIsToldLater() {
    long due = after(POOLS_WAIT);
    assertThat(pace.tellableAt("a", WritePace.Difference.POOLS, START))
        .isEqualTo(OptionalLong.of(due));
    assertThat(pace.tellableAt("a", WritePace.Difference.POOLS, due - 1)).isPresent();
    assertThat(pace.tellableAt("a", WritePace.Difference.POOLS, due)).isEmpty();

    pace.portWritten("a", due);
    assertThat(pace.tellableAt("a", WritePace.Difference.POOLS, due))
        .as("the next change has all its time")
        .isEqualTo(OptionalLong.of(due + POOLS_WAIT.toNanos()));
  }

  @Test
  void whatGetsWorseHasAllItsTimeWhateverWaitedBefore() {
    assertThat(pace.tellableAt("a", WritePace.Difference.POOLS, START)).isPresent();

    long later = START + Duration.ofSeconds(1).toNanos();
    assertThat(pace.tellableAt("a", WritePace.Difference.WORSE, later))
        .isEqualTo(OptionalLong.of(later + WritePace.WORSE_WAITS.toNanos()));
  }

  @Test
  void tidyingChangesNothing() {
    write("a", WritePace.PORT_BURST, START);
    pace.tidy(START);
    assertThat(pace.portDueAt("a", START)).isPresent();

    long full = after(WritePace.PORT_INTERVAL.multipliedBy(WritePace.PORT_BURST));
    pace.tidy(full);
    write("a", WritePace.PORT_BURST, full);
    assertThat(pace.portDueAt("a", full)).isPresent();
  }
}
