package io.rdmagid.pool;

import static io.rdmagid.pool.Ports.atPci;
import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.pool.DeviceIds.DeviceId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class DeviceIdsTest {
  private static final PortFacts ALONE = atPci("mlx5_0", 1, "0000:3b:00.0");
  private static final PortFacts FIRST = atPci("mlx4_0", 1, "0000:5e:00.0");
  private static final PortFacts SECOND = atPci("mlx4_0", 2, "0000:5e:00.0");
  private static final PortFacts SOFTWARE = atPci("rxe0", 1, "");
  private static final List<PortFacts> NODE = List.of(SOFTWARE, SECOND, FIRST, ALONE);

  private static List<String> ids(int podsPerPort, List<PortFacts> pool) {
    return DeviceIds.of(podsPerPort, pool, NODE).ids().stream().map(DeviceId::id).toList();
  }

  @Test
  void aPciAddressWhereItMeansOnePort() {
    assertThat(ids(1, NODE))
        .containsExactly("mlx4_0:1::0", "mlx4_0:2::0", "0000:3b:00.0", "rxe0:1::0");
    assertThat(ids(1, List.of(FIRST)))
        .as("the other port is in no pool")
        .containsExactly("mlx4_0:1::0");
  }

  @Test
  void aNumberForEachPodWhereSeveralShare() {
    assertThat(ids(2, List.of(ALONE, SOFTWARE)))
        .containsExactly("mlx5_0:1::0", "rxe0:1::0", "mlx5_0:1::1", "rxe0:1::1");
  }

  @Test
  void aNodeWithTooManySaysHowManyItLeavesOut() {
    List<PortFacts> ports =
        IntStream.range(0, 17).mapToObj(i -> atPci("mlx5_" + i, 1, "")).toList();
    DeviceIds ids = DeviceIds.of(256, ports, ports);

    assertThat(ids.ids()).hasSize(DeviceIds.MOST);
    assertThat(ids.cut()).isEqualTo(256);
    assertThat(ids.ids().stream().map(id -> id.port().device()).distinct()).hasSize(17);
    assertThat(DeviceIds.of(256, ports.subList(0, 16), ports).cut()).isZero();
  }

  @Test
  void whatIsNoIdOfThisNodeIsNoPort() {
    assertThat(DeviceIds.portOf("mlx5_0:2::0", NODE)).isEmpty();
    assertThat(DeviceIds.portOf("mlx5_0:1", NODE)).isEmpty();
    assertThat(DeviceIds.portOf("0000:5e:00.0", NODE)).as("two ports have it").isEmpty();
    assertThat(DeviceIds.portOf("0000:99:00.0", NODE)).isEmpty();
    assertThat(DeviceIds.portOf("", NODE)).isEmpty();
    assertThat(DeviceIds.portOf("mlx5_0:1::99999", NODE)).isEmpty();
  }

  @Test
  void anIdOutlivesTheSpecItWasMadeFor() {
    assertThat(DeviceIds.portOf("mlx5_0:1::200", NODE)).contains(ALONE.ref());
    assertThat(DeviceIds.portOf("0000:3b:00.0", NODE)).contains(ALONE.ref());
  }

  @Property(tries = 300)
  void idsAreDistinctRoundTripAndDependOnNoOrder(
      @ForAll("ports") List<PortFacts> ports,
      @ForAll @IntRange(min = 1, max = 256) int podsPerPort,
      @ForAll Random random) {
    DeviceIds ids = DeviceIds.of(podsPerPort, ports, ports);
    List<PortFacts> shuffled = new ArrayList<>(ports);
    Collections.shuffle(shuffled, random);

    assertThat(DeviceIds.of(podsPerPort, shuffled, shuffled)).isEqualTo(ids);
    assertThat(ids.ids().stream().map(DeviceId::id)).doesNotHaveDuplicates();
    assertThat(ids.ids().size() + ids.cut()).isEqualTo(podsPerPort * ports.size());
    assertThat(ids.ids())
        .allSatisfy(id -> assertThat(DeviceIds.portOf(id.id(), ports)).contains(id.port()));
  }

  @Provide
  Arbitrary<List<PortFacts>> ports() {
    return Combinators.combine(
            Arbitraries.of("mlx5_0", "mlx5_1", "rxe0", "odd:1::7", "a:b"),
            Arbitraries.of(1, 2, 255),
            Arbitraries.of("", "0000:3b:00.0", "0000:3b:00.1", "0000:5e:00.0"))
        .as(Ports::atPci)
        .list()
        .uniqueElements(PortFacts::ref)
        .ofMaxSize(8);
  }
}
