package io.rdmagid.deviceplugin.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.api.naming.RdmaGidName;
import io.rdmagid.deviceplugin.inventory.Inventory;
import java.util.Optional;
import java.util.OptionalLong;

/** Tests of a publisher with a server of the test's own. */
abstract class OnFakeCluster {
  static final String FIRST = RdmaGidName.of("node-a", "rxe0", 1);
  static final String SECOND = RdmaGidName.of("node-a", "rxe1", 1);
  static final Inventory BEFORE = Inventories.two("10.0.0.1");
  static final Inventory AFTER = Inventories.two("10.0.0.2");
  static final ClusterPublisher.Outcome DONE =
      new ClusterPublisher.Outcome.Published(0, OptionalLong.empty());

  final FakeClusterApi api = new FakeClusterApi();
  final MutableClock clock = new MutableClock();
  ClusterPublisher publisher = publisher();

  /** One that has published nothing. */
  final ClusterPublisher publisher() {
    return api.publisher(WritePace.spread(), clock);
  }

  final ClusterPublisher.Outcome publish(Inventory inventory) {
    return publisher.publish(inventory, Optional.empty(), clock.instant());
  }

  /** Published, and long enough ago that the Node may be written again. */
  final void published(Inventory inventory) {
    assertThat(publish(inventory)).isEqualTo(DONE);
    api.takeWrites();
    clock.advance(WritePace.NODE_INTERVAL);
  }
}
