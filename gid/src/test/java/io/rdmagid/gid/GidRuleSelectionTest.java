package io.rdmagid.gid;

import static io.rdmagid.gid.GidType.IB;
import static io.rdmagid.gid.GidType.ROCE_V1;
import static io.rdmagid.gid.GidType.ROCE_V2;
import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.gid.GidSelection.Ambiguous;
import io.rdmagid.gid.GidSelection.NoMatch;
import io.rdmagid.gid.GidSelection.Reason;
import io.rdmagid.gid.GidSelection.Selected;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class GidRuleSelectionTest {
  private static final GidRule ANY_V2 = rule(ROCE_V2, IpFamily.IPV4, false);

  private static GidRule rule(
      GidType type, IpFamily family, boolean allowLinkLocal, String... subnets) {
    return new GidRule(
        type, family, List.of(subnets).stream().map(IpSubnet::parse).toList(), allowLinkLocal);
  }

  private static GidEntry entry(int index, String gid, GidType type) {
    return entry(index, gid, type, 2);
  }

  private static GidEntry entry(int index, String gid, GidType type, int ifindex) {
    return new GidEntry(index, Gid.parse(gid), type, ifindex, "rail0");
  }

  private static GidSelection select(GidRule rule, GidEntry... entries) {
    return GidSelector.select(List.of(entries), rule);
  }

  private static String text(GidRule rule, GidEntry... entries) {
    return ((NoMatch) select(rule, entries)).text(rule);
  }

  private static Reason reason(GidRule rule, GidEntry... entries) {
    return ((NoMatch) select(rule, entries)).reason();
  }

  @Test
  void theLowestIndexOfThoseThatMatch() {
    GidEntry low = entry(3, "::ffff:10.0.0.5", ROCE_V2);
    assertThat(
            select(
                ANY_V2,
                entry(9, "::ffff:10.0.0.4", ROCE_V2),
                entry(1, "::ffff:10.0.0.5", ROCE_V1),
                entry(2, "fd00::5", ROCE_V2),
                low))
        .isEqualTo(new Selected(low));
  }

  @Test
  void linkLocalIsTheLastResortWhereItIsAllowed() {
    GidEntry linkLocal = entry(1, "::ffff:169.254.0.5", ROCE_V2);
    GidEntry routable = entry(7, "::ffff:10.0.0.5", ROCE_V2);
    GidRule allowing = rule(ROCE_V2, IpFamily.IPV4, true);

    assertThat(select(allowing, linkLocal, routable)).isEqualTo(new Selected(routable));
    assertThat(select(allowing, linkLocal)).isEqualTo(new Selected(linkLocal));
    assertThat(reason(ANY_V2, linkLocal)).isEqualTo(Reason.ONLY_LINK_LOCAL);
  }

  @Test
  void onInfiniBandLinkLocalIsNormal() {
    GidEntry first = entry(0, "fe80::5", IB);
    assertThat(select(rule(IB, IpFamily.IPV6, false), entry(1, "2001:db8::5", IB), first))
        .isEqualTo(new Selected(first));
  }

  @Test
  void anyOfTheSubnetsWillDo() {
    GidEntry entry = entry(4, "::ffff:10.2.0.5", ROCE_V2);
    GidRule rule = rule(ROCE_V2, IpFamily.IPV4, false, "10.1.0.0/16", "10.2.0.0/16");

    assertThat(select(rule, entry(1, "::ffff:10.3.0.5", ROCE_V2), entry))
        .isEqualTo(new Selected(entry));
  }

  @Test
  void oneSentenceNamesTheRuleAndWhatCameClose() {
    GidRule rule = rule(ROCE_V2, IpFamily.IPV4, false, "10.1.0.0/16");
    assertThat(text(rule, entry(2, "::ffff:10.0.0.5", ROCE_V2)))
        .isEqualTo(
            "no RoCEv2 IPv4 GID in 10.1.0.0/16; closest: index 2 10.0.0.5 RoCEv2 (not in a subnet of the rule)");
    assertThat(text(rule))
        .isEqualTo(
            "no RoCEv2 IPv4 GID in 10.1.0.0/16: the table has no GID of this network namespace");
  }

  @Test
  void atMostFourThatLackLeastAreNamed() {
    GidRule rule = rule(ROCE_V2, IpFamily.IPV4, false, "10.1.0.0/16");
    NoMatch none =
        (NoMatch)
            select(
                rule,
                entry(0, "fe80::5", ROCE_V1),
                entry(1, "fe80::5", ROCE_V2),
                entry(2, "::ffff:10.1.0.5", ROCE_V1),
                entry(3, "::ffff:10.0.0.5", ROCE_V2),
                entry(4, "::ffff:10.0.0.5", ROCE_V1),
                entry(5, "::ffff:169.254.0.5", ROCE_V2));

    assertThat(none.closest())
        .extracting(close -> close.entry().index())
        .containsExactly(3, 2, 5, 4);
    assertThat(none.closest().get(2).text())
        .isEqualTo("index 5 169.254.0.5 RoCEv2 (not in a subnet of the rule, link-local)");
  }

  @Test
  void theReasonIsTheFirstThingThatNoEntryHas() {
    GidRule rule = rule(ROCE_V2, IpFamily.IPV4, false, "10.1.0.0/16");
    GidEntry wrongType = entry(0, "::ffff:10.1.0.5", ROCE_V1);
    GidEntry wrongFamily = entry(1, "fd00::5", ROCE_V2);
    GidEntry linkLocal = entry(2, "::ffff:169.254.0.5", ROCE_V2);
    GidEntry wrongSubnet = entry(3, "::ffff:10.0.0.5", ROCE_V2);

    assertThat(reason(rule)).isEqualTo(Reason.NO_ENTRY);
    assertThat(reason(rule, wrongType)).isEqualTo(Reason.NO_ENTRY_OF_TYPE);
    assertThat(reason(rule, wrongType, wrongFamily)).isEqualTo(Reason.NO_ENTRY_OF_FAMILY);
    assertThat(reason(rule, wrongType, wrongFamily, linkLocal)).isEqualTo(Reason.ONLY_LINK_LOCAL);
    assertThat(reason(rule, wrongType, wrongFamily, linkLocal, wrongSubnet))
        .isEqualTo(Reason.NO_ENTRY_IN_SUBNETS);
  }

  @Test
  void theSameEntryInTwoSlotsIsAmbiguous() {
    GidEntry one = entry(3, "::ffff:10.0.0.5", ROCE_V2);
    GidEntry other = entry(5, "::ffff:10.0.0.5", ROCE_V2);

    assertThat(select(ANY_V2, other, one)).isEqualTo(new Ambiguous(List.of(one, other)));
    assertThat(new Ambiguous(List.of(one, other)).text())
        .isEqualTo(
            "indices 3 and 5 hold 10.0.0.5 RoCEv2, and nothing tells which is of this network namespace");
  }

  @Test
  void entriesOfOtherInterfacesAndSecondChoicesAreNotAmbiguous() {
    GidEntry one = entry(3, "::ffff:10.0.0.5", ROCE_V2);

    assertThat(select(ANY_V2, one, entry(5, "::ffff:10.0.0.5", ROCE_V2, 7)))
        .isEqualTo(new Selected(one));
    assertThat(
            select(
                ANY_V2,
                one,
                entry(5, "::ffff:10.0.0.6", ROCE_V2),
                entry(6, "::ffff:10.0.0.6", ROCE_V2)))
        .isEqualTo(new Selected(one));
  }

  @Property
  void theOrderOfEntriesDoesNotMatter(
      @ForAll("tables") List<GidEntry> entries,
      @ForAll("rules") GidRule rule,
      @ForAll Random random) {
    List<GidEntry> shuffled = new ArrayList<>(entries);
    Collections.shuffle(shuffled, random);

    assertThat(GidSelector.select(shuffled, rule)).isEqualTo(GidSelector.select(entries, rule));
  }

  @Property
  void anIneligibleEntryNeverChangesTheChoice(
      @ForAll("tables") List<GidEntry> entries, @ForAll("rules") GidRule rule) {
    List<GidEntry> matching =
        entries.stream().filter(entry -> rule.lacks(entry).isEmpty()).toList();
    Assume.that(!matching.isEmpty());

    assertThat(GidSelector.select(entries, rule)).isEqualTo(GidSelector.select(matching, rule));
  }

  @Property
  void whatIsSelectedLacksNothingAndWhatIsCloseLacksSomething(
      @ForAll("tables") List<GidEntry> entries, @ForAll("rules") GidRule rule) {
    switch (GidSelector.select(entries, rule)) {
      case Selected(GidEntry entry) -> assertThat(rule.lacks(entry)).isEmpty();
      case NoMatch none -> {
        assertThat(none.closest()).hasSize(Math.min(entries.size(), NoMatch.MOST_CLOSEST));
        assertThat(none.closest()).allSatisfy(close -> assertThat(close.lacks()).isNotEmpty());
      }
      case Ambiguous(List<GidEntry> same) -> assertThat(same).hasSizeGreaterThan(1);
    }
  }

  @Provide
  Arbitrary<List<GidEntry>> tables() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 255),
            Arbitraries.of(
                "::ffff:10.0.0.5",
                "::ffff:10.1.0.5",
                "::ffff:169.254.0.5",
                "fd00::5",
                "fe80::5",
                "2001:db8::5"),
            Arbitraries.of(GidType.class),
            Arbitraries.integers().between(2, 3))
        .as((index, gid, type, ifindex) -> entry(index, gid, type, ifindex))
        .list()
        .uniqueElements(GidEntry::index)
        .ofMaxSize(12);
  }

  @Provide
  Arbitrary<GidRule> rules() {
    return Combinators.combine(
            Arbitraries.of(GidType.class),
            Arbitraries.of(IpFamily.class),
            Arbitraries.of("10.0.0.0/16", "fd00::/64", "fe80::/10").list().ofMaxSize(2),
            Arbitraries.of(true, false))
        .as((type, family, subnets, allow) ->
            rule(type, family, allow, subnets.toArray(String[]::new)));
  }
}
