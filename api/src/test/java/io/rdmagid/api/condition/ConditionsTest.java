package io.rdmagid.api.condition;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConditionsTest {
  private static final Clock NOON =
      Clock.fixed(Instant.parse("2026-01-01T12:00:00.5Z"), ZoneOffset.UTC);
  private static final Clock LATER = Clock.offset(NOON, Duration.ofHours(1));

  @Test
  void aNewConditionBeginsNow() {
    Condition ready = ready(List.of(), ConditionStatus.TRUE, "PortUp", NOON);

    assertThat(ready.getType()).isEqualTo("Ready");
    assertThat(ready.getStatus()).isEqualTo("True");
    assertThat(ready.getLastTransitionTime()).isEqualTo("2026-01-01T12:00:00Z");
    assertThat(ready.getObservedGeneration()).isEqualTo(7);
  }

  @Test
  void anotherReasonIsNoTransition() {
    Condition down = ready(List.of(), ConditionStatus.FALSE, "PortDown", NOON);
    Condition gone = ready(List.of(down), ConditionStatus.FALSE, "NoGid", LATER);

    assertThat(gone.getReason()).isEqualTo("NoGid");
    assertThat(gone.getLastTransitionTime()).isEqualTo(down.getLastTransitionTime());
  }

  @Test
  void anotherStatusIsATransition() {
    Condition down = ready(List.of(), ConditionStatus.FALSE, "PortDown", NOON);

    assertThat(
            ready(List.of(down), ConditionStatus.UNKNOWN, "AgentAway", LATER)
                .getLastTransitionTime())
        .isEqualTo("2026-01-01T13:00:00Z");
  }

  @Test
  void otherTypesAndBrokenConditionsDoNotMatter() {
    Condition other = ready(List.of(), ConditionStatus.TRUE, "PortUp", NOON);
    other.setType("Reporting");

    assertThat(
            ready(List.of(new Condition(), other), ConditionStatus.TRUE, "PortUp", LATER)
                .getLastTransitionTime())
        .isEqualTo("2026-01-01T13:00:00Z");
  }

  private static Condition ready(
      List<Condition> previous, ConditionStatus status, String reason, Clock clock) {
    return Conditions.next(previous, "Ready", status, reason, "a message", 7L, clock);
  }
}
