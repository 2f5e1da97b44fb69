package io.rdmagid.operator.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Node;
import io.rdmagid.api.v1alpha1.RdmaGid;
import io.rdmagid.api.v1alpha1.RdmaGidAssignment;
import io.rdmagid.api.v1alpha1.RdmaGidPool;
import io.rdmagid.api.v1alpha1.RdmaGidPoolStatus;
import io.rdmagid.operator.Golden;
import io.rdmagid.operator.TestClock;
import io.rdmagid.operator.fact.PublishedPort;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PoolStatusesTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-03-01T12:00:00Z"), ZoneOffset.UTC);

  static List<Golden> files() {
    return Golden.in("pool");
  }

  @ParameterizedTest
  @MethodSource("files")
  void statuses(Golden golden) {
    Fleet fleet = fleet(golden);

    Map<String, RdmaGidPoolStatus> made = statuses(fleet);

    golden.check(made);
    for (RdmaGidPool pool : fleet.pools()) {
      pool.setStatus(made.get(pool.getMetadata().getName()));
    }
    assertThat(statuses(fleet)).as("nothing is left to write").isEqualTo(made);
  }

  private static Map<String, RdmaGidPoolStatus> statuses(Fleet fleet) {
    return fleet.pools().stream()
        .collect(
            Collectors.toMap(
                pool -> pool.getMetadata().getName(),
                pool -> settled(pool, fleet, CLOCK),
                (one, _) -> one,
                TreeMap::new));
  }

  /** When the ports have told the same for long enough. */
  static RdmaGidPoolStatus settled(RdmaGidPool pool, Fleet fleet, Clock clock) {
    TestClock time = new TestClock();
    Settling settling = new Settling(time);
    PoolStatuses.Made first = PoolStatuses.of(pool, fleet, settling, clock);
    time.advance(Settling.QUIET);
    PoolStatuses.Made second = PoolStatuses.of(pool, fleet, settling, clock);
    assertThat(first.again()).isIn(Optional.empty(), Optional.of(Settling.QUIET));
    assertThat(second.again()).isEmpty();
    return second.status();
  }

  private static Fleet fleet(Golden golden) {
    return new Fleet(
        golden.objects(RdmaGidPool.class),
        golden.objects(RdmaGid.class).stream()
            .map(PublishedPort::of)
            .flatMap(Optional::stream)
            .toList(),
        golden.objects(Node.class).stream()
            .collect(
                Collectors.toMap(
                    node -> node.getMetadata().getName(), node -> node.getMetadata().getLabels())),
        golden.objects(RdmaGidAssignment.class).stream()
            .map(Holding::of)
            .flatMap(List::stream)
            .toList());
  }
}
