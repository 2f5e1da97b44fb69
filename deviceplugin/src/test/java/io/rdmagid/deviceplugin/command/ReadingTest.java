package io.rdmagid.deviceplugin.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.deviceplugin.inventory.Device;
import io.rdmagid.deviceplugin.inventory.DeviceAttributes;
import io.rdmagid.deviceplugin.inventory.Port;
import io.rdmagid.deviceplugin.inventory.PortAttributes;
import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.gid.GidType;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReadingTest {
  private static final GidEntry ADDRESS =
      new GidEntry(2, Gid.parse("::ffff:10.0.0.5"), GidType.ROCE_V2, 2, "net1");

  @Test
  void theBestEntryIsPreferred() {
    assertThat(port(ADDRESS).isPreferred(ADDRESS)).isTrue();
  }

  @Test
  void ofTwoThatNothingTellsApartNeitherIsPreferred() {
    GidEntry twin = new GidEntry(7, ADDRESS.gid(), ADDRESS.type(), 2, "net1");

    assertThat(port(ADDRESS, twin).preferred()).isEmpty();
  }

  private static Reading.DevicePort port(GidEntry... gids) {
    Port port =
        new Port(
            1,
            new PortAttributes("Ethernet", "ACTIVE", "", 0, 0, 16, ""),
            "net1",
            List.of(gids),
            List.of());
    return Reading.DevicePort.of(
        new Device(
            "rxe0",
            "uverbs0",
            new DeviceAttributes("rdma_rxe", "", "", "", "", "", -1),
            List.of(port)),
        port);
  }
}
