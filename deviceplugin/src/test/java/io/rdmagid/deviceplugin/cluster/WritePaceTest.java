package io.rdmagid.deviceplugin.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class WritePaceTest {
  private static final long START = -7;

  private final WritePace pace = new WritePace();

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
    assertThat(pace.tellableAt("a", true, START)).isEqualTo(OptionalLong.of(due));
    assertThat(pace.tellableAt("a", true, due - 1)).isEqualTo(OptionalLong.of(due));
    assertThat(pace.tellableAt("a", true, due)).isEmpty();

    assertThat(pace.tellableAt("b", true, START)).isPresent();
    assertThat(pace.tellableAt("b", false, START + 1)).isEmpty();
    assertThat(pace.tellableAt("b", true, due)).isPresent();
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
