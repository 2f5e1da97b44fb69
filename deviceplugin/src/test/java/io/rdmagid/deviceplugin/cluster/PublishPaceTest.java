package io.rdmagid.deviceplugin.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.api.naming.RdmaGidName;
import io.rdmagid.api.v1alpha1.NodeGids;
import io.rdmagid.deviceplugin.inventory.Inventory;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** What is published, and how often, while tables keep changing. */
class PublishPaceTest {
  private static final String FIRST = RdmaGidName.of("node-a", "rxe0", 1);
  private static final String STATUS = "status " + FIRST;
  private static final Inventory BEFORE = Inventories.two("10.0.0.1");
  private static final Inventory HALF_MOVED =
      Inventories.of(Inventories.empty("rxe0"), Inventories.device("rxe1", "10.0.1.1"));
  private static final Inventory MOVED = Inventories.two("10.0.0.2");
  private static final Duration READ_WINDOW = Duration.ofMillis(50);

  private final FakeClusterApi api = new FakeClusterApi();
  private final MutableClock clock = new MutableClock();
  private final ClusterPublisher publisher = api.publisher(WritePace.spread(), clock);

  private OptionalLong publish(Inventory inventory) {
    return switch (publisher.publish(inventory, Optional.empty(), clock.instant())) {
      case ClusterPublisher.Outcome.Published(int refused, OptionalLong dueAt) -> {
        assertThat(refused).isZero();
        yield dueAt;
      }
      case ClusterPublisher.Outcome.NodeMissing missing -> throw new AssertionError(missing);
    };
  }

  private void published(Inventory inventory) {
    assertThat(publish(inventory)).isEmpty();
    clock.advance(Duration.ofHours(1));
    api.takeWrites();
  }

  private String address() {
    return api.object(FIRST).getStatus().preferred() == null
        ? "none"
        : api.object(FIRST).getStatus().preferred().address();
  }

  private String addressOnNode() {
    String annotation = api.node().orElseThrow().annotations().get("rdmagid.io/gids");
    return switch (NodeGids.decode(annotation)) {
      case NodeGids.Read(NodeGids gids) -> String.valueOf(gids.ports().getFirst().address());
      case NodeGids.Unreadable unreadable -> throw new AssertionError(unreadable.reason());
    };
  }

  @Test
  void anAddressThatMovesIsOneWriteOfThePortAndOneOfTheNode() {
    published(BEFORE);
    Instant event = clock.instant();
    assertThat(publish(HALF_MOVED))
        .isEqualTo(OptionalLong.of(clock.nanoTime() + WritePace.WORSE_WAITS.toNanos()));
    assertThat(api.takeWrites()).isEmpty();
    assertThat(address()).isEqualTo("10.0.0.1");

    clock.advance(READ_WINDOW);
    assertThat(publish(MOVED)).isEmpty();

    assertThat(api.takeWrites()).containsExactly(STATUS, "node");
    assertThat(address()).isEqualTo("10.0.0.2");
    assertThat(addressOnNode()).isEqualTo("10.0.0.2");
    assertThat(api.object(FIRST).getStatus().lastChangeTime()).isEqualTo(event.toString());
  }

  @Test
  void aMoveThatEndsWhereItBeganIsNoWrite() {
    published(BEFORE);
    var _ = publish(HALF_MOVED);
    clock.advance(READ_WINDOW);

    assertThat(publish(BEFORE)).isEmpty();

    assertThat(api.takeWrites()).isEmpty();
  }

  @Test
  void anAddressThatIsGoneIsToldAfterAMoment() {
    published(BEFORE);
    Instant event = clock.instant();
    var _ = publish(HALF_MOVED);
    clock.advance(WritePace.WORSE_WAITS);

    assertThat(publish(HALF_MOVED)).isEmpty();

    assertThat(api.takeWrites()).containsExactly(STATUS, "node");
    assertThat(address()).isEqualTo("none");
    assertThat(api.object(FIRST).getStatus().lastChangeTime()).isEqualTo(event.toString());
  }

  @Test
  void whatWasNeverUsableIsToldAtOnce() {
    assertThat(publish(HALF_MOVED)).isEmpty();

    assertThat(api.takeWrites()).contains(STATUS);
  }

  @Test
  void aPortThatKeepsChangingIsWrittenWithItsNewestStateOnceItMay() {
    published(BEFORE);
    OptionalLong dueAt = OptionalLong.empty();
    for (int i = 0; i < 100; i++) {
      dueAt = publish(Inventories.two("10.0.7." + i));
    }
    assertThat(api.takeWrites().stream().filter(STATUS::equals)).hasSize(WritePace.PORT_BURST);
    assertThat(dueAt)
        .isEqualTo(OptionalLong.of(clock.nanoTime() + Duration.ofSeconds(1).toNanos()));

    clock.advance(WritePace.PORT_INTERVAL);
    var _ = publish(Inventories.two("10.0.7.99"));

    assertThat(api.takeWrites()).containsExactly(STATUS);
    assertThat(address()).isEqualTo("10.0.7.99");
  }

  @Test
  void aPortThatComesAndGoesIsBoundedToo() {
    published(BEFORE);
    for (int i = 0; i < 100; i++) {
      var _ = publish(Inventories.of(Inventories.device("rxe1", "10.0.1.1")));
      var _ = publish(BEFORE);
    }

    assertThat(api.takeWrites().stream().filter(write -> write.endsWith(FIRST)))
        .hasSize(WritePace.PORT_BURST);
  }

  /** However changes come: few writes, and in the end the server has the newest. */
  @Property(tries = 100)
  void aStormIsBoundedAndNothingIsLost(
      @ForAll @Size(min = 1, max = 80) List<@IntRange(max = 900) Integer> waitMillis,
      @ForAll @Size(min = 1, max = 20) List<@IntRange(max = 4) Integer> states) {
    var _ = publish(state(0));
    api.takeWrites();
    long start = clock.nanoTime();
    Inventory newest = state(0);
    OptionalLong dueAt = OptionalLong.empty();
    for (int i = 0; i < waitMillis.size(); i++) {
      clock.advance(Duration.ofMillis(waitMillis.get(i)));
      newest = state(states.get(i % states.size()));
      dueAt = publish(newest);
    }
    for (int i = 0; dueAt.isPresent(); i++) {
      assertThat(i).isLessThan(10);
      clock.advance(Duration.ofNanos(dueAt.getAsLong() - clock.nanoTime()));
      dueAt = publish(newest);
    }

    long seconds = Duration.ofNanos(clock.nanoTime() - start).toSeconds();
    List<String> writes = api.takeWrites();
    assertThat(writes.stream().filter(STATUS::equals).count())
        .isLessThanOrEqualTo(WritePace.PORT_BURST + seconds);
    assertThat(writes.stream().filter("node"::equals).count())
        .isLessThanOrEqualTo(1 + seconds / 30);
    String wanted =
        newest.devices().getFirst().ports().getFirst().gids().stream()
            .map(entry -> entry.gid().address())
            .findFirst()
            .orElse("none");
    assertThat(address()).isEqualTo(wanted);
    assertThat(addressOnNode()).isEqualTo(wanted.equals("none") ? "null" : wanted);
  }

  private static Inventory state(int number) {
    return number == 0 ? HALF_MOVED : Inventories.two("10.0.0." + number);
  }
}
