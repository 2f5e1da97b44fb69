package io.rdmagid.operator.staleness;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.rdmagid.api.v1alpha1.RdmaGid;
import io.rdmagid.api.v1alpha1.RdmaGidSpec;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReportingConditionsTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-03-01T12:00:00Z"), ZoneOffset.UTC);

  private static PublishedGid gid(String node, String status) {
    return new PublishedGid(
        node + "-" + status,
        node,
        status.isEmpty()
            ? Optional.empty()
            : Optional.of(new ConditionBuilder().withType("Reporting").withStatus(status).build()));
  }

  @Test
  void onlyWhatIsNotAsItShouldBeIsWritten() {
    assertThat(
            ReportingConditions.changes(
                List.of(
                    gid("up", ""),
                    gid("up", "True"),
                    gid("up", "False"),
                    gid("down", ""),
                    gid("down", "True"),
                    gid("down", "False")),
                Set.of("up"),
                CLOCK))
        .hasSize(4)
        .hasEntrySatisfying("up-", condition -> is(condition, "True", "AgentReady"))
        .hasEntrySatisfying("up-False", condition -> is(condition, "True", "AgentReady"))
        .hasEntrySatisfying("down-", condition -> is(condition, "False", "AgentNotReady"))
        .hasEntrySatisfying("down-True", condition -> is(condition, "False", "AgentNotReady"));
  }

  private static void is(Condition condition, String status, String reason) {
    assertThat(condition.getStatus()).isEqualTo(status);
    assertThat(condition.getReason()).isEqualTo(reason);
    assertThat(condition.getLastTransitionTime()).isEqualTo("2026-03-01T12:00:00Z");
  }

  @Test
  void anObjectWithoutANodeIsLeftAlone() {
    RdmaGid object = new RdmaGid();
    assertThat(PublishedGid.of(object)).isEmpty();
    object.setSpec(new RdmaGidSpec(null, "mlx5_0", 1));
    assertThat(PublishedGid.of(object)).isEmpty();
  }
}
