package io.rdmagid.pool;

import static io.rdmagid.pool.Pools.leaving;
import static io.rdmagid.pool.Pools.pool;
import static io.rdmagid.pool.Ports.port;
import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.pool.PoolMembership.Conflict;
import io.rdmagid.pool.PoolMembership.Hold;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class PoolMembershipTest {
  private static final PortFacts A0 = port("a", "mlx5_0", 1);
  private static final PortFacts A1 = port("a", "mlx5_1", 1);
  private static final PortFacts B0 = port("b", "mlx5_0", 1);

  @Test
  void theOlderPoolGetsThePortAndTheYoungerIsTold() {
    Pool older = pool("z", 1, "mlx5_*");
    Pool younger = pool("a", 2, "mlx5_1");

    PoolMembership membership =
        PoolMembership.of(List.of(younger, older), List.of(A1, A0), Map.of(), List.of());

    assertThat(membership.portsOf("z")).containsExactly(A0, A1);
    assertThat(membership.portsOf("a")).isEmpty();
    assertThat(membership.portsOf("none")).isEmpty();
    assertThat(membership.conflicts()).containsExactly(new Conflict(A1.ref(), "a", "z"));
  }

  @Test
  void ofOneAgeTheNameDecides() {
    PoolMembership membership =
        PoolMembership.of(
            List.of(pool("b", 1, "*"), pool("a", 1, "*"), pool("c", 1, "*")),
            List.of(A0),
            Map.of(),
            List.of());

    assertThat(membership.portsOf("a")).containsExactly(A0);
    assertThat(membership.conflicts())
        .containsExactly(new Conflict(A0.ref(), "b", "a"), new Conflict(A0.ref(), "c", "a"));
  }

  @Test
  void onlyNodesWithTheLabels() {
    Pool rack3 =
        pool("p", "rdmagid.io/p", 1, "*", new NodeSelector(Map.of("rack", "3", "gpu", "h100")));
    Map<String, Map<String, String>> labels =
        Map.of("a", Map.of("rack", "3", "gpu", "h100", "more", ""), "b", Map.of("rack", "3"));

    assertThat(PoolMembership.of(List.of(rack3), List.of(A0, B0), labels, List.of()).portsOf("p"))
        .containsExactly(A0);
    assertThat(PoolMembership.of(List.of(rack3), List.of(A0, B0), Map.of(), List.of()).portsOf("p"))
        .isEmpty();
  }

  @Test
  void aResourceNameBelongsToTheOldestAndOthersGetNoPort() {
    Pool older = pool("old", "rdmagid.io/fast", 1, "mlx5_0", NodeSelector.ANY);
    Pool younger = pool("new", "rdmagid.io/fast", 2, "mlx5_*", NodeSelector.ANY);
    Pool youngest = pool("last", 3, "mlx5_*");

    PoolMembership membership =
        PoolMembership.of(List.of(youngest, younger, older), List.of(A0, A1), Map.of(), List.of());

    assertThat(membership.duplicates()).isEqualTo(Map.of("new", "old"));
    assertThat(membership.portsOf("new")).isEmpty();
    assertThat(membership.portsOf("last")).containsExactly(A1);
    assertThat(membership.conflicts()).containsExactly(new Conflict(A0.ref(), "last", "old"));
  }

  /** Else the port would be handed out twice. */
  @Test
  void aPortThatPodsHoldDrainsBeforeAnOlderPoolHasIt() {
    Pool older = pool("old", 1, "mlx5_*");
    Pool younger = pool("new", 2, "mlx5_0");

    PoolMembership membership =
        PoolMembership.of(
            List.of(older, younger),
            List.of(A0, A1),
            Map.of(),
            List.of(new Hold(A0.ref(), "new"), new Hold(A1.ref(), "old")));

    assertThat(membership.portsOf("new")).isEmpty();
    assertThat(membership.portsOf("old")).containsExactly(A1);
    assertThat(membership.drainingOf("new")).containsExactly(A0);
    assertThat(membership.conflicts())
        .containsExactly(
            new Conflict(A0.ref(), "new", "old"), new Conflict(A0.ref(), "old", "new"));
  }

  @Test
  void aPortThatItsPoolDoesNotWantAnyMoreDrainsBeforeAnotherHasIt() {
    Pool left = pool("left", 1, "mlx5_1");
    Pool waiting = pool("waiting", 2, "mlx5_*");

    PoolMembership membership =
        PoolMembership.of(
            List.of(left, waiting),
            List.of(A0, B0),
            Map.of(),
            List.of(new Hold(A0.ref(), "left"), new Hold(A0.ref(), "waiting")));

    assertThat(membership.portsOf("left")).isEmpty();
    assertThat(membership.drainingOf("left")).containsExactly(A0);
    assertThat(membership.portsOf("waiting")).containsExactly(B0);
    assertThat(membership.conflicts()).containsExactly(new Conflict(A0.ref(), "waiting", "left"));
  }

  @Test
  void aPoolThatIsBeingDeletedKeepsWhatItsPodsHold() {
    PoolMembership membership =
        PoolMembership.of(
            List.of(leaving(pool("old", 1, "*")), pool("next", 2, "*")),
            List.of(A0, A1),
            Map.of(),
            List.of(new Hold(A0.ref(), "old")));

    assertThat(membership.portsOf("old")).isEmpty();
    assertThat(membership.drainingOf("old")).containsExactly(A0);
    assertThat(membership.portsOf("next")).containsExactly(A1);
    assertThat(membership.conflicts()).containsExactly(new Conflict(A0.ref(), "next", "old"));
  }

  @Test
  void aPortThatPodsOfAPoolHoldThatIsGoneIsNobodys() {
    PoolMembership membership =
        PoolMembership.of(
            List.of(pool("next", 1, "*")),
            List.of(A0, A1),
            Map.of(),
            List.of(new Hold(A0.ref(), "gone")));

    assertThat(membership.portsOf("next")).containsExactly(A1);
    assertThat(membership.conflicts()).containsExactly(new Conflict(A0.ref(), "next", "gone"));
  }

  @Property(tries = 300)
  void theOrderDoesNotMatterAndEveryPortHasOnePool(
      @ForAll("pools") List<Pool> pools,
      @ForAll("ports") List<PortFacts> ports,
      @ForAll Random random) {
    List<Hold> holds =
        ports.stream()
            .filter(_ -> random.nextBoolean())
            .map(port -> new Hold(port.ref(), random.nextBoolean() ? "a" : "b"))
            .toList();
    PoolMembership membership = PoolMembership.of(pools, ports, Map.of(), holds);
    List<Hold> shuffledHolds = new ArrayList<>(holds);
    Collections.shuffle(shuffledHolds, random);
    List<Pool> shuffledPools = new ArrayList<>(pools);
    List<PortFacts> shuffledPorts = new ArrayList<>(ports);
    Collections.shuffle(shuffledPools, random);
    Collections.shuffle(shuffledPorts, random);

    assertThat(PoolMembership.of(shuffledPools, shuffledPorts, Map.of(), shuffledHolds))
        .isEqualTo(membership);
    assertThat(membership.ports().values().stream().flatMap(List::stream))
        .doesNotHaveDuplicates()
        .isSubsetOf(ports);
    assertThat(membership.conflicts())
        .allSatisfy(conflict ->
            assertThat(
                    Stream.concat(
                        membership.portsOf(conflict.winner()).stream(),
                        Stream.concat(
                            membership.drainingOf(conflict.winner()).stream(),
                            membership.drainingOf(conflict.pool()).stream())))
                .extracting(PortFacts::ref)
                .contains(conflict.port()));
    for (Hold hold : holds) {
      assertThat(membership.ports())
          .allSatisfy((pool, its) -> {
            if (!pool.equals(hold.pool())) {
              assertThat(its).extracting(PortFacts::ref).doesNotContain(hold.port());
            }
          });
    }
  }

  @Provide
  Arbitrary<List<Pool>> pools() {
    return Combinators.combine(
            Arbitraries.of("a", "b", "c", "d", "e"),
            Arbitraries.of("x", "y", "z", "w"),
            Arbitraries.integers().between(1, 3),
            Arbitraries.of("*", "mlx5_0", "mlx5_1", "mlx5_?", "rxe*"))
        .as((name, resource, age, devices) ->
            pool(name, "rdmagid.io/" + resource, age, devices, NodeSelector.ANY))
        .list()
        .uniqueElements(Pool::name)
        .ofMaxSize(5);
  }

  @Provide
  Arbitrary<List<PortFacts>> ports() {
    return Combinators.combine(
            Arbitraries.of("a", "b"),
            Arbitraries.of("mlx5_0", "mlx5_1", "mlx5_2", "rxe0"),
            Arbitraries.integers().between(1, 2))
        .as((node, device, port) -> port(node, device, port))
        .list()
        .uniqueElements(PortFacts::ref)
        .ofMaxSize(8);
  }
}
