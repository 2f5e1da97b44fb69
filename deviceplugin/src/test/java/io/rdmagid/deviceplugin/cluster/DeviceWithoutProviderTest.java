package io.rdmagid.deviceplugin.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.api.naming.RdmaGidName;
import io.rdmagid.api.v1alpha1.RdmaGidStatus;
import io.rdmagid.deviceplugin.inventory.DeviceAttributes;
import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.inventory.UnreadDevice;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DeviceWithoutProviderTest {
  private static final DeviceAttributes ATTRIBUTES =
      new DeviceAttributes(
          "mlx5_core", "15b3", "101e", "28.39.1002", "", "0000:19:00.2", "ens1f0np0", 0, 1);

  private final FakeClusterApi api = new FakeClusterApi();
  private final MutableClock clock = new MutableClock();
  private final ClusterPublisher publisher = api.publisher(WritePace.spread(), clock);

  private static Inventory without(String device, Integer... ports) {
    return new Inventory(
        List.of(Inventories.device("rxe1", "10.0.1.1")),
        List.of(
            new UnreadDevice(
                device,
                UnreadDevice.Cause.NO_PROVIDER,
                "no provider library: install it",
                ATTRIBUTES,
                List.of(ports))));
  }

  private void publish(Inventory inventory) {
    assertThat(publisher.publish(inventory, Optional.empty(), clock.instant()))
        .isInstanceOf(ClusterPublisher.Outcome.Published.class);
    clock.advance(WritePace.NODE_INTERVAL);
  }

  private RdmaGidStatus status(String device, int port) {
    return api.object(RdmaGidName.of("node-a", device, port)).getStatus();
  }

  private static void assertSaysWhatToDo(RdmaGidStatus status) {
    assertThat(status.gids()).isEmpty();
    assertThat(status.preferred()).isNull();
    assertThat(status.conditions())
        .singleElement()
        .satisfies(condition -> {
          assertThat(condition.getType()).isEqualTo("Ready");
          assertThat(condition.getStatus()).isEqualTo("False");
          assertThat(condition.getReason()).isEqualTo("NoProvider");
          assertThat(condition.getMessage()).isEqualTo("no provider library: install it");
        });
  }

  @Test
  void eachPortIsAnObjectThatSaysWhatToDo() {
    publish(without("mlx5_0", 1, 2));

    for (int port = 1; port <= 2; port++) {
      assertSaysWhatToDo(status("mlx5_0", port));
      assertThat(status("mlx5_0", port).driver()).isEqualTo("mlx5_core");
      assertThat(status("mlx5_0", port).pciAddress()).isEqualTo("0000:19:00.2");
      assertThat(status("mlx5_0", port).pfName()).isEqualTo("ens1f0np0");
      assertThat(status("mlx5_0", port).vfIndex()).isZero();
      assertThat(status("mlx5_0", port).numaNode()).isEqualTo(1);
    }
    assertThat(status("rxe1", 1).pfName()).isNull();
    assertThat(status("rxe1", 1).vfIndex()).isNull();
    assertThat(api.node().orElseThrow().labels()).containsEntry("rdmagid.io/ports", "3");
    api.takeWrites();
    publish(without("mlx5_0", 1, 2));
    assertThat(api.takeWrites()).isEmpty();
  }

  @Test
  void whatItsTableOnceWasIsNoLongerTold() {
    publish(Inventories.two("10.0.0.1"));
    publish(without("rxe0", 1));
    publish(without("rxe0", 1));

    assertSaysWhatToDo(status("rxe0", 1));

    publish(Inventories.two("10.0.0.1"));
    assertThat(status("rxe0", 1).preferred().address()).isEqualTo("10.0.0.1");
  }

  @Test
  void whereNobodyCanTellItsPortsItsObjectsStay() {
    publish(Inventories.two("10.0.0.1"));
    api.takeWrites();

    publish(without("rxe0"));
    publish(without("rxe0"));

    assertThat(api.takeWrites()).isEmpty();
    assertThat(status("rxe0", 1).preferred().address()).isEqualTo("10.0.0.1");
  }
}
