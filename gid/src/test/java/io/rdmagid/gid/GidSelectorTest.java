package io.rdmagid.gid;

import static io.rdmagid.gid.GidType.IB;
import static io.rdmagid.gid.GidType.ROCE_V1;
import static io.rdmagid.gid.GidType.ROCE_V2;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class GidSelectorTest {
  private static final String IPV4 = "::ffff:10.0.0.5";
  private static final String IPV6 = "2001:db8::5";
  private static final String LINK_LOCAL = "fe80::5";

  private static GidEntry entry(int index, String gid, GidType type) {
    return new GidEntry(index, Gid.parse(gid), type, 2, "rail0");
  }

  private static int selected(GidEntry... entries) {
    return ((GidSelection.Selected) GidSelector.select(List.of(entries))).entry().index();
  }

  @Test
  void typeGoesBeforeFamilyBeforeIndex() {
    assertThat(selected(entry(1, IPV4, ROCE_V1), entry(9, IPV6, ROCE_V2))).isEqualTo(9);
    assertThat(selected(entry(1, IPV6, ROCE_V2), entry(9, IPV4, ROCE_V2))).isEqualTo(9);
    assertThat(selected(entry(9, IPV4, ROCE_V2), entry(3, "::ffff:10.0.0.6", ROCE_V2)))
        .isEqualTo(3);
  }

  @Test
  void twoThatNothingTellsApartAreNoChoice() {
    GidEntry one = entry(3, IPV4, ROCE_V2);
    GidEntry twin = entry(9, IPV4, ROCE_V2);

    assertThat(GidSelector.select(List.of(twin, entry(1, IPV6, ROCE_V2), one)))
        .isEqualTo(new GidSelection.Ambiguous(List.of(one, twin)));
    assertThat(selected(twin, one, entry(1, "::ffff:10.0.0.6", ROCE_V2))).isEqualTo(1);
  }

  @Test
  void linkLocalIsPassedOverOnRoceOnly() {
    assertThat(selected(entry(0, LINK_LOCAL, ROCE_V2), entry(1, IPV6, ROCE_V1))).isEqualTo(1);
    assertThat(selected(entry(0, LINK_LOCAL, IB))).isZero();
  }

  @Test
  void saysWhyThereIsNone() {
    assertThat(GidSelector.select(List.of()))
        .isEqualTo(new GidSelection.NoMatch(GidSelection.Reason.NO_ENTRY, List.of()));
    assertThat(GidSelector.select(List.of(entry(0, LINK_LOCAL, ROCE_V2))))
        .isEqualTo(new GidSelection.NoMatch(GidSelection.Reason.ONLY_LINK_LOCAL, List.of()));
  }

  @Property
  void theOrderOfEntriesDoesNotMatter(
      @ForAll("tables") List<GidEntry> entries, @ForAll Random random) {
    List<GidEntry> shuffled = new ArrayList<>(entries);
    Collections.shuffle(shuffled, random);

    assertThat(GidSelector.select(shuffled)).isEqualTo(GidSelector.select(entries));
  }

  @Provide
  Arbitrary<List<GidEntry>> tables() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 255),
            Arbitraries.of(IPV4, IPV6, LINK_LOCAL),
            Arbitraries.of(GidType.class))
        .as(GidSelectorTest::entry)
        .list()
        .uniqueElements(GidEntry::index)
        .ofMaxSize(12);
  }
}
