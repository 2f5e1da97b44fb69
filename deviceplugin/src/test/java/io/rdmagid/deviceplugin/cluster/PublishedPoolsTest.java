package io.rdmagid.deviceplugin.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.rdmagid.api.condition.Conditions;
import io.rdmagid.api.naming.RdmaGidName;
import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.workload.HeldPort;
import io.rdmagid.deviceplugin.workload.PortOffer;
import io.rdmagid.deviceplugin.workload.PortOffer.Standing;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What RdmaGids and the Node say of pools. */
class PublishedPoolsTest {
  private static final String FIRST = RdmaGidName.of("node-a", "rxe0", 1);
  private static final String SECOND = RdmaGidName.of("node-a", "rxe1", 1);
  private static final String LABEL = "pool.rdmagid.io/rails";
  private static final HeldPort PORT = new HeldPort("rxe0", 1);
  private static final Inventory INVENTORY = Inventories.two("10.0.0.1");
  private static final Duration WAIT = Duration.ofSeconds(3);
  private static final Optional<Map<HeldPort, PortOffer>> UNKNOWN = Optional.empty();
  private static final Optional<Map<HeldPort, PortOffer>> NO_POOL = Optional.of(Map.of());
  private static final Optional<Map<HeldPort, PortOffer>> RAILS =
      offers(Standing.HEALTHY, "pool rails offers the port");
  private static final Optional<Map<HeldPort, PortOffer>> UNHEALTHY =
      offers(Standing.NO_USABLE_GID, "pool rails: no RoCEv2 IPv4 GID");

  private final FakeClusterApi api = new FakeClusterApi();
  private final MutableClock clock = new MutableClock();
  private ClusterPublisher publisher = publisher();

  private static Optional<Map<HeldPort, PortOffer>> offers(Standing standing, String message) {
    return Optional.of(Map.of(PORT, new PortOffer(List.of("rails"), standing, message)));
  }

  private ClusterPublisher publisher() {
    return api.publisher(new WritePace(WAIT), clock);
  }

  private OptionalLong publish(Inventory inventory, Optional<Map<HeldPort, PortOffer>> offers) {
    return switch (publisher.publish(inventory, offers, clock.instant())) {
      case ClusterPublisher.Outcome.Published(int refused, OptionalLong dueAt) -> {
        assertThat(refused).isZero();
        yield dueAt;
      }
      case ClusterPublisher.Outcome.NodeMissing missing -> throw new AssertionError(missing);
    };
  }

  /** Published, and long enough ago that everything may be written again. */
  private void published(Optional<Map<HeldPort, PortOffer>> offers) {
    if (publish(INVENTORY, offers).isPresent()) {
      clock.advance(WAIT);
      assertThat(publish(INVENTORY, offers)).isEmpty();
    }
    clock.advance(Duration.ofHours(1));
    api.takeWrites();
  }

  private List<String> pools(String name) {
    return api.object(name).getStatus().pools();
  }

  private Optional<Condition> offered(String name) {
    return Conditions.find(api.object(name).getStatus().conditions(), "Offered");
  }

  private Map<String, String> labels() {
    return api.node().orElseThrow().labels();
  }

  @Test
  void aPoolThatComesIsWrittenOnceAndGoesAgain() {
    published(NO_POOL);

    assertThat(publish(INVENTORY, RAILS))
        .isEqualTo(OptionalLong.of(clock.nanoTime() + WAIT.toNanos()));
    assertThat(api.takeWrites()).isEmpty();
    clock.advance(WAIT);
    assertThat(publish(INVENTORY, RAILS)).isEmpty();
    assertThat(api.takeWrites()).containsExactly("status " + FIRST, "node");
    assertThat(pools(FIRST)).containsExactly("rails");
    assertThat(pools(SECOND)).isEmpty();
    assertThat(offered(FIRST))
        .hasValueSatisfying(condition -> {
          assertThat(condition.getStatus()).isEqualTo("True");
          assertThat(condition.getReason()).isEqualTo("Healthy");
          assertThat(condition.getMessage()).isEqualTo("pool rails offers the port");
        });
    assertThat(offered(SECOND)).isEmpty();
    assertThat(labels()).containsEntry(LABEL, "true");

    clock.advance(Duration.ofHours(1));
    published(NO_POOL);
    assertThat(pools(FIRST)).isEmpty();
    assertThat(offered(FIRST)).isEmpty();
    assertThat(labels()).doesNotContainKey(LABEL);
  }

  @Test
  void whyAPortIsNotOfferedIsSaid() {
    published(RAILS);
    published(UNHEALTHY);

    assertThat(pools(FIRST)).containsExactly("rails");
    assertThat(labels()).containsEntry(LABEL, "true");
    assertThat(offered(FIRST))
        .hasValueSatisfying(condition -> {
          assertThat(condition.getStatus()).isEqualTo("False");
          assertThat(condition.getReason()).isEqualTo("NoUsableGid");
          assertThat(condition.getMessage()).isEqualTo("pool rails: no RoCEv2 IPv4 GID");
        });
  }

  @Test
  void aChangeOfThePortTakesThatOfThePoolsAlong() {
    published(RAILS);

    assertThat(publish(INVENTORY, UNHEALTHY)).isPresent();
    assertThat(publish(Inventories.two("10.0.0.2"), UNHEALTHY)).isEmpty();

    assertThat(api.takeWrites()).containsExactly("status " + FIRST, "node");
    assertThat(offered(FIRST).orElseThrow().getStatus()).isEqualTo("False");
  }

  /** As when a pool's spec changes, and gets its rule. */
  @Test
  void whatIsAsItWasBeforeItWasToldIsNotWritten() {
    published(RAILS);

    assertThat(publish(INVENTORY, UNHEALTHY)).isPresent();
    assertThat(publish(INVENTORY, RAILS)).isEmpty();
    clock.advance(WAIT);
    assertThat(publish(INVENTORY, RAILS)).isEmpty();

    assertThat(api.takeWrites()).isEmpty();
  }

  @Test
  void anAgentThatDoesNotKnowThePoolsYetChangesNothing() {
    published(RAILS);
    publisher = publisher();

    assertThat(publish(INVENTORY, UNKNOWN)).isEmpty();
    assertThat(publish(INVENTORY, RAILS)).isEmpty();
    assertThat(api.takeWrites()).isEmpty();

    assertThat(publish(Inventories.two("10.0.0.2"), UNKNOWN)).isEmpty();
    assertThat(pools(FIRST)).containsExactly("rails");
    assertThat(offered(FIRST)).isPresent();
    assertThat(labels()).containsEntry(LABEL, "true");
  }

  @Test
  void theLabelOfAPoolThatWentWhileThereWasNoAgentGoes() {
    published(RAILS);
    publisher = publisher();
    published(NO_POOL);

    assertThat(pools(FIRST)).isEmpty();
    assertThat(labels()).doesNotContainKey(LABEL);
  }

  @Test
  void aLabelOfAPoolThatSomebodyElseSetGoesAndOtherLabelsStay() {
    published(NO_POOL);
    Map<String, String> forged = new HashMap<>(labels());
    forged.put(LABEL, "true");
    forged.put("zone", "a");
    ClusterApi.NodeState node = api.node().orElseThrow();
    api.setNode(new ClusterApi.NodeState(node.uid(), node.annotations(), forged));
    publisher.forget();

    published(NO_POOL);

    assertThat(labels()).doesNotContainKey(LABEL).containsEntry("zone", "a");
  }
}
