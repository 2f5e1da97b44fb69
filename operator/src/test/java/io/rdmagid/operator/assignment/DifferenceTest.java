package io.rdmagid.operator.assignment;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.rdmagid.api.naming.RdmaGidName;
import io.rdmagid.api.v1alpha1.EffectiveGidRule;
import io.rdmagid.api.v1alpha1.GidRow;
import io.rdmagid.api.v1alpha1.RdmaGid;
import io.rdmagid.api.v1alpha1.RdmaGidPool;
import io.rdmagid.api.v1alpha1.RdmaGidPoolStatus;
import io.rdmagid.api.v1alpha1.RdmaGidSpec;
import io.rdmagid.api.v1alpha1.RdmaGidStatus;
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
import io.rdmagid.operator.fact.ClusterFacts;
import io.rdmagid.pool.EffectiveRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class DifferenceTest {
  private static final GidEntry FIRST = entry(1, "::ffff:10.0.0.1");
  private static final GidEntry SECOND = entry(3, "::ffff:10.0.0.2");
  private static final GidRule RULE = new GidRule(GidType.ROCE_V2, IpFamily.IPV4, List.of(), false);
  private static final String AT = "mlx5_0/1 of container main: ";

  private final ClusterFacts facts = new ClusterFacts();

  @Test
  void whatTheRuleLeadsToIsNoDifference() {
    published(List.of(FIRST, SECOND), List.of(), false);
    rule(RULE, 4);

    assertThat(differences(report(FIRST))).isEmpty();
  }

  @Test
  void theSlotHasAnotherEntryOrNone() {
    published(List.of(entry(1, "::ffff:10.0.0.9")), List.of(), false);

    assertThat(differences(report(FIRST)))
        .containsExactly(
            AT + "reported is index 1 (RoCEv2 10.0.0.1), RdmaGid has RoCEv2 10.0.0.9 there");
    assertThat(differences(report(SECOND)))
        .containsExactly(AT + "reported is index 3 (RoCEv2 10.0.0.2), RdmaGid has none there");
  }

  @Test
  void theRuleLeadsElsewhere() {
    published(List.of(FIRST, SECOND), List.of(), false);
    rule(RULE, 4);

    assertThat(differences(report(SECOND)))
        .containsExactly(
            AT
                + "reported is index 3 (RoCEv2 10.0.0.2), by the pool's rule it is index 1 (RoCEv2"
                + " 10.0.0.1)");
  }

  @Test
  void theRuleLeadsNowhere() {
    published(List.of(FIRST), List.of(), false);
    rule(new GidRule(GidType.ROCE_V2, IpFamily.IPV6, List.of(), false), 4);

    assertThat(differences(report(FIRST)))
        .containsExactly(
            AT
                + "reported is index 1 (RoCEv2 10.0.0.1), by the pool's rule no RoCEv2 IPv6 GID;"
                + " closest: index 1 10.0.0.1 RoCEv2 (not of the rule's family)");
  }

  @Test
  void anAddressThatNoProgramCanUseIsNotWhatTheRuleLeadsTo() {
    published(List.of(FIRST, SECOND), List.of(1), false);
    rule(RULE, 4);

    assertThat(differences(report(SECOND))).isEmpty();
    assertThat(differences(report(FIRST))).hasSize(1);
  }

  @Test
  void whatIsNotKnownIsNoDifference() {
    assertThat(differences(report(FIRST))).as("no RdmaGid").isEmpty();
    published(List.of(FIRST, SECOND), List.of(), false);
    assertThat(differences(report(SECOND))).as("no rule").isEmpty();
    rule(RULE, 5);
    assertThat(differences(report(SECOND))).as("a later rule").isEmpty();
    rule(RULE, 4);
    assertThat(differences(report(SECOND, GidScope.HOST, GidSelector.VERSION + 1)))
        .as("another selection")
        .isEmpty();
    assertThat(differences(report(SECOND, GidScope.POD, GidSelector.VERSION)))
        .as("entries of a pod")
        .isEmpty();
    assertThat(differences(report(SECOND).released())).as("nobody has it").isEmpty();

    published(List.of(FIRST), List.of(), true);
    assertThat(differences(report(SECOND))).as("beyond what is shown").isEmpty();
    published(List.of(entry(0, "fe80::1"), FIRST), List.of(), true);
    rule(new GidRule(GidType.ROCE_V2, IpFamily.IPV6, List.of(), false), 4);
    assertThat(differences(report(FIRST))).as("what serves may be beyond").isEmpty();
    published(List.of(entry(0, "fe80::1"), entry(1, "fe80::2")), List.of(), false);
    rule(new GidRule(GidType.ROCE_V2, IpFamily.IPV6, List.of(), true), 4);
    assertThat(differences(report(entry(1, "fe80::2"))))
        .as("a default GID without its address")
        .isEmpty();
    published(List.of(FIRST, entry(2, "::ffff:10.0.0.1")), List.of(), false);
    rule(RULE, 4);
    assertThat(differences(report(FIRST))).as("nobody can tell which").isEmpty();
  }

  @Test
  void aCheckIsWholeWhenPortAndRuleAreKnown() {
    assertThat(isWhole(report(FIRST))).isFalse();
    published(List.of(FIRST), List.of(), false);
    assertThat(isWhole(report(FIRST))).isFalse();
    rule(RULE, 5);
    assertThat(isWhole(report(FIRST))).isTrue();
    assertThat(Difference.check("node-b", List.of(report(FIRST).released()), facts).whole())
        .as("nothing is to be checked")
        .isTrue();
  }

  private boolean isWhole(AssignedPort port) {
    return Difference.check("node-a", List.of(port), facts).whole();
  }

  /** The agent's choice is never contradicted, and any other always. */
  @Property
  void whatTheSelectionChoosesAndNothingElseAgrees(@ForAll long seed) {
    Random random = new Random(seed);
    List<GidEntry> entries = new ArrayList<>();
    List<Integer> unusable = new ArrayList<>();
    for (int index = 0; index < 6; index++) {
      if (random.nextInt(4) > 0) {
        String address = (random.nextBoolean() ? "fd00::" : "::ffff:10.0.0.") + (index + 1);
        GidType type = random.nextBoolean() ? GidType.ROCE_V1 : GidType.ROCE_V2;
        entries.add(new GidEntry(index, Gid.parse(address), type, 2, "eth0"));
        if (random.nextInt(4) == 0) {
          unusable.add(index);
        }
      }
    }
    published(entries, unusable, false);
    rule(RULE, 4);
    Optional<GidEntry> chosen =
        GidSelector.select(
                entries.stream().filter(entry -> !unusable.contains(entry.index())).toList(), RULE)
            .selected();

    for (GidEntry entry : entries) {
      assertThat(differences(report(entry)).isEmpty())
          .as("%s of %s, unusable %s", entry, entries, unusable)
          .isEqualTo(chosen.equals(Optional.of(entry)));
    }
  }

  private List<String> differences(AssignedPort port) {
    return Difference.check("node-a", List.of(port), facts).differences().stream()
        .map(Difference::text)
        .toList();
  }

  private static GidEntry entry(int index, String gid) {
    return new GidEntry(index, Gid.parse(gid), GidType.ROCE_V2, 2, "eth0");
  }

  private static AssignedPort report(GidEntry entry) {
    return report(entry, GidScope.HOST, GidSelector.VERSION);
  }

  private static AssignedPort report(GidEntry entry, GidScope scope, int selectorVersion) {
    return new AssignedPort(
        "main",
        "rails",
        "mlx5_0",
        1,
        AssignmentState.CURRENT,
        Optional.of(GidChoice.of(entry)),
        scope,
        1,
        4,
        selectorVersion,
        ContainerVariables.NONE,
        List.of());
  }

  private void published(List<GidEntry> entries, List<Integer> unusable, boolean truncated) {
    RdmaGid object = new RdmaGid();
    object.setMetadata(
        new ObjectMetaBuilder().withName(RdmaGidName.of("node-a", "mlx5_0", 1)).build());
    object.setSpec(new RdmaGidSpec("node-a", "mlx5_0", 1));
    object.setStatus(
        RdmaGidStatus.builder()
            .gids(entries.stream().map(GidRow::of).toList())
            .unusable(unusable)
            .truncated(truncated)
            .build());
    RdmaGid _ = facts.ports().put(object.getMetadata().getName(), object);
  }

  private void rule(GidRule rule, long revision) {
    RdmaGidPool object =
        Serialization.unmarshal(
            """
            metadata: {name: rails, generation: 1, creationTimestamp: '2026-01-01T00:00:00Z'}
            spec: {ports: [{}]}
            """,
            RdmaGidPool.class);
    object.setStatus(
        new RdmaGidPoolStatus(
            EffectiveGidRule.of(new EffectiveRule(rule, GidScope.HOST, true, 1, revision)),
            0,
            0,
            0,
            0,
            null,
            List.of()));
    RdmaGidPool _ = facts.pools().put("rails", object);
  }
}
