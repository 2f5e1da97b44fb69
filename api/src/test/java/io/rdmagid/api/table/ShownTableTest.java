package io.rdmagid.api.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.assignment.AssignedPort;
import io.rdmagid.assignment.AssignmentState;
import io.rdmagid.assignment.ContainerVariables;
import io.rdmagid.assignment.GidChoice;
import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.gid.GidRule;
import io.rdmagid.gid.GidScope;
import io.rdmagid.gid.GidSelector;
import io.rdmagid.gid.GidType;
import io.rdmagid.gid.IpFamily;
import io.rdmagid.pool.EffectiveRule;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The operator's DifferenceTest holds every choice against the selection's own. */
class ShownTableTest {
  private static final long REVISION = 4;
  private static final GidEntry FIRST = entry(1, "::ffff:10.0.0.1");
  private static final GidEntry SECOND = entry(3, "::ffff:10.0.0.2");
  private static final Optional<EffectiveRule> RULE =
      Optional.of(
          new EffectiveRule(
              new GidRule(GidType.ROCE_V2, IpFamily.IPV4, List.of(), false),
              GidScope.HOST,
              true,
              1,
              REVISION));
  private static final ShownTable BOTH = new ShownTable(List.of(FIRST, SECOND), Set.of(), false);

  @Test
  void theSlotHasWhatWasReported() {
    assertThat(BOTH.difference(report(SECOND, REVISION), Optional.empty())).isEmpty();
    assertThat(BOTH.difference(report(entry(1, "::ffff:10.0.0.9"), REVISION), Optional.empty()))
        .contains("reported is index 1 (RoCEv2 10.0.0.9), RdmaGid has RoCEv2 10.0.0.1 there");
    assertThat(BOTH.difference(report(entry(7, "::ffff:10.0.0.9"), REVISION), Optional.empty()))
        .contains("reported is index 7 (RoCEv2 10.0.0.9), RdmaGid has none there");
  }

  @Test
  void theRuleLeadsToWhatWasReported() {
    assertThat(BOTH.difference(report(FIRST, REVISION), RULE)).isEmpty();
    assertThat(BOTH.difference(report(SECOND, REVISION), RULE))
        .contains(
            "reported is index 3 (RoCEv2 10.0.0.2), by the pool's rule it is index 1 (RoCEv2"
                + " 10.0.0.1)");
    assertThat(BOTH.difference(report(SECOND, REVISION - 1), RULE)).as("another rule").isEmpty();
    assertThat(
            new ShownTable(BOTH.entries(), Set.of(1), false)
                .difference(report(SECOND, REVISION), RULE))
        .as("no program can use the first")
        .isEmpty();
  }

  @Test
  void whatIsBeyondWhatIsShownIsNotKnown() {
    ShownTable cut = new ShownTable(BOTH.entries(), Set.of(), true);

    assertThat(cut.difference(report(entry(7, "::ffff:10.0.0.9"), REVISION), RULE)).isEmpty();
    assertThat(cut.difference(report(entry(2, "::ffff:10.0.0.9"), REVISION), RULE)).isPresent();
  }

  @Test
  void aTableSaysNothingOfPortsThatHaveNoIndexNow() {
    assertThat(ShownTable.concerns(report(FIRST, REVISION))).isTrue();
    assertThat(ShownTable.concerns(report(FIRST, REVISION).released())).isFalse();
  }

  private static GidEntry entry(int index, String gid) {
    return new GidEntry(index, Gid.parse(gid), GidType.ROCE_V2, 2, "eth0");
  }

  private static AssignedPort report(GidEntry entry, long revision) {
    return new AssignedPort(
        "main",
        "rails",
        "mlx5_0",
        1,
        AssignmentState.CURRENT,
        Optional.of(GidChoice.of(entry)),
        GidScope.HOST,
        1,
        revision,
        GidSelector.VERSION,
        ContainerVariables.NONE,
        List.of());
  }
}
