package io.rdmagid.operator.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.rdmagid.api.v1alpha1.PoolGid;
import io.rdmagid.api.v1alpha1.PoolPortSelector;
import io.rdmagid.api.v1alpha1.RdmaGidPool;
import io.rdmagid.api.v1alpha1.RdmaGidPoolSpec;
import io.rdmagid.api.v1alpha1.RdmaGidPoolStatus;
import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.gid.GidType;
import io.rdmagid.operator.fact.PublishedPort;
import io.rdmagid.pool.PortFacts;
import io.rdmagid.pool.PortRef;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class PoolStatusesPropertyTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-03-01T12:00:00Z"), ZoneOffset.UTC);

  @Property(tries = 300)
  void theOrderOfThingsDoesNotMatter(
      @ForAll long seed,
      @ForAll @IntRange(max = 4) int pools,
      @ForAll @IntRange(max = 20) int ports) {
    Random random = new Random(seed);
    Fleet fleet = fleet(random, pools, ports);
    Fleet shuffled =
        new Fleet(
            shuffled(fleet.pools(), random),
            shuffled(fleet.ports(), random),
            fleet.nodeLabels(),
            shuffled(fleet.holdings(), random));

    for (RdmaGidPool pool : fleet.pools()) {
      assertThat(PoolStatusesTest.settled(pool, shuffled, CLOCK))
          .isEqualTo(PoolStatusesTest.settled(pool, fleet, CLOCK));
    }
  }

  @Property(tries = 300)
  void countsAddUp(
      @ForAll long seed,
      @ForAll @IntRange(max = 4) int pools,
      @ForAll @IntRange(max = 20) int ports) {
    Fleet fleet = fleet(new Random(seed), pools, ports);
    int taken = 0;
    for (RdmaGidPool pool : fleet.pools()) {
      RdmaGidPoolStatus status = PoolStatusesTest.settled(pool, fleet, CLOCK);
      taken += status.ports();
      assertThat(status.healthy()).isBetween(0, status.ports());
      assertThat(status.nodes()).isBetween(Math.min(1, status.ports()), status.ports());
      Set<Holding> held = new HashSet<>(fleet.holdings());
      held.removeIf(holding -> !holding.pool().equals(pool.getMetadata().getName()));
      assertThat(status.allocated()).isEqualTo(held.size());
    }
    assertThat(taken).as("no port is in two pools").isLessThanOrEqualTo(fleet.ports().size());
  }

  /** Of such a change nobody looks at the pools again. */
  @Property(tries = 300)
  void whatDoesNotDecideChangesNoStatus(
      @ForAll long seed,
      @ForAll @IntRange(max = 4) int pools,
      @ForAll @IntRange(min = 1, max = 20) int ports) {
    Random random = new Random(seed);
    Fleet fleet = fleet(random, pools, ports);
    List<PublishedPort> moved = fleet.ports().stream().map(port -> moved(port, random)).toList();

    for (int port = 0; port < ports; port++) {
      assertThat(Deciding.of(moved.get(port))).isEqualTo(Deciding.of(fleet.ports().get(port)));
    }
    Fleet after = new Fleet(fleet.pools(), moved, fleet.nodeLabels(), fleet.holdings());
    for (RdmaGidPool pool : fleet.pools()) {
      assertThat(PoolStatusesTest.settled(pool, after, CLOCK))
          .isEqualTo(PoolStatusesTest.settled(pool, fleet, CLOCK));
    }
  }

  /** The entries of a port at other indices, and what else no pool asks for changed. */
  private static PublishedPort moved(PublishedPort port, Random random) {
    List<Integer> indices = shuffled(IntStream.range(0, 8).boxed().toList(), random);
    return new PublishedPort(
        port.facts()
            .withGids(
                port.facts().gids().stream()
                    .map(entry ->
                        new GidEntry(
                            indices.get(entry.index()),
                            entry.gid(),
                            entry.type(),
                            entry.ifindex(),
                            entry.netdev()))
                    .toList()),
        port.mtu() + 1,
        port.unusable().stream().map(indices::get).collect(Collectors.toSet()),
        !port.truncated(),
        Set.of("uid"),
        List.of("some"));
  }

  private static Fleet fleet(Random random, int pools, int ports) {
    return new Fleet(
        IntStream.range(0, pools).mapToObj(n -> pool(n, random)).toList(),
        IntStream.range(0, ports).mapToObj(n -> port(n, random)).toList(),
        Map.of(),
        IntStream.range(0, 10)
            .mapToObj(_ ->
                new Holding(
                    "pool-" + random.nextInt(3),
                    "uid-" + random.nextInt(2),
                    "main",
                    new PortRef("node-" + random.nextInt(2), "mlx5_0", 1)))
            .toList());
  }

  private static RdmaGidPool pool(int n, Random random) {
    RdmaGidPool pool = new RdmaGidPool();
    pool.setMetadata(
        new ObjectMetaBuilder()
            .withName("pool-" + n)
            .withGeneration(1L)
            .withCreationTimestamp("2026-01-0" + (1 + random.nextInt(2)) + "T00:00:00Z")
            .build());
    List<String> names = random.nextBoolean() ? List.of("mlx5_" + random.nextInt(3)) : List.of();
    pool.setSpec(
        new RdmaGidPoolSpec(
            random.nextInt(5) == 0 ? "rdmagid.io/shared" : null,
            null,
            List.of(
                new PoolPortSelector(
                    names, null, null, null, null, null, null, null, null, null, null)),
            new PoolGid(null, null, null, null, random.nextBoolean() ? "Host" : "Pod", null),
            1,
            null,
            null,
            null,
            null));
    return pool;
  }

  private static PublishedPort port(int n, Random random) {
    List<GidEntry> entries =
        IntStream.range(0, 4)
            .filter(_ -> random.nextInt(3) == 0)
            .mapToObj(index ->
                new GidEntry(
                    index,
                    Gid.parse(random.nextBoolean() ? "fd00::1" : "::ffff:10.0.0.1"),
                    random.nextBoolean() ? GidType.ROCE_V2 : GidType.ROCE_V1,
                    2,
                    "ens0"))
            .toList();
    return PublishedPorts.port(
        "node-" + n / 3,
        "mlx5_" + n % 3,
        random.nextInt(5) == 0 ? PortFacts.INFINIBAND : PortFacts.ETHERNET,
        random.nextBoolean(),
        random.nextInt(3) == 0 ? Set.of(random.nextInt(4)) : Set.of(),
        entries);
  }

  private static <T> List<T> shuffled(List<T> list, Random random) {
    List<T> copy = new ArrayList<>(list);
    Collections.shuffle(copy, random);
    return copy;
  }
}
