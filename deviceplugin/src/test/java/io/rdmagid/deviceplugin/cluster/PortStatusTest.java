package io.rdmagid.deviceplugin.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.api.v1alpha1.RdmaGidStatus;
import io.rdmagid.deviceplugin.inventory.Device;
import io.rdmagid.deviceplugin.inventory.Port;
import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.gid.GidType;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PortStatusTest {
  @Test
  void namesTheShownEntriesThatNoProgramCanUse() {
    Device device = Inventories.device("rxe0", "10.0.0.1");
    List<GidEntry> entries =
        IntStream.rangeClosed(0, PortStatus.MOST_GIDS)
            .mapToObj(
                index -> new GidEntry(index, new Gid(1, index + 1), GidType.ROCE_V2, 2, "eth0"))
            .toList();
    Port port =
        new Port(
            1,
            device.ports().getFirst().attributes(),
            "eth0",
            entries,
            List.of(),
            Set.of(7, 3, PortStatus.MOST_GIDS));

    RdmaGidStatus status =
        PortStatus.of(device, port, PoolFacts.NONE, null, Instant.EPOCH, Clock.systemUTC());

    assertThat(status.truncated()).isTrue();
    assertThat(status.gids()).hasSize(PortStatus.MOST_GIDS);
    assertThat(status.unusable()).containsExactly(3, 7);
  }
}
