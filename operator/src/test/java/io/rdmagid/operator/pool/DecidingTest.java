package io.rdmagid.operator.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.gid.GidType;
import io.rdmagid.pool.PortFacts;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DecidingTest {
  private static final GidEntry FIRST = entry(1, "::ffff:10.0.0.1");
  private static final GidEntry SECOND = entry(2, "::ffff:10.0.1.1");

  @Test
  void whereEntriesStandDoesNotDecide() {
    assertThat(of(true, Set.of(2), entry(2, "::ffff:10.0.0.1"), entry(1, "::ffff:10.0.1.1")))
        .isNotEqualTo(of(true, Set.of(2), FIRST, SECOND))
        .isEqualTo(of(true, Set.of(1), FIRST, SECOND));
  }

  @Test
  void whatThereIsDecides() {
    assertThat(of(true, Set.of(), FIRST)).isNotEqualTo(of(true, Set.of(), FIRST, SECOND));
    assertThat(of(true, Set.of(), FIRST, entry(3, "::ffff:10.0.1.1")))
        .as("nothing but the index tells two entries apart")
        .isNotEqualTo(of(true, Set.of(), FIRST, SECOND, entry(3, "::ffff:10.0.1.1")));
  }

  @Test
  void whetherAProgramCanUseItDecides() {
    assertThat(of(true, Set.of(2), FIRST, SECOND))
        .isNotEqualTo(of(true, Set.of(), FIRST, SECOND))
        .as("a pool can select ports by the others, too")
        .isNotEqualTo(of(true, Set.of(), FIRST));
  }

  @Test
  void whetherThePortCarriesTrafficDecides() {
    assertThat(of(false, Set.of(), FIRST)).isNotEqualTo(of(true, Set.of(), FIRST));
  }

  private static GidEntry entry(int index, String gid) {
    return new GidEntry(index, Gid.parse(gid), GidType.ROCE_V2, 2, "ens0");
  }

  private static Deciding of(boolean active, Set<Integer> unusable, GidEntry... entries) {
    return Deciding.of(
        PublishedPorts.port(
            "node-a", "mlx5_0", PortFacts.ETHERNET, active, unusable, List.of(entries)));
  }
}
