package io.rdmagid.deviceplugin.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.api.condition.Conditions;
import io.rdmagid.api.v1alpha1.LibraryPick;
import io.rdmagid.api.v1alpha1.RdmaGidStatus;
import io.rdmagid.deviceplugin.inventory.Device;
import io.rdmagid.deviceplugin.inventory.Port;
import io.rdmagid.deviceplugin.inventory.PortAttributes;
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

  /** NCCL takes no number on InfiniBand, and prefers the GID of a router. */
  @Test
  void aLibraryThatLandsElsewhereThoughToldIsNamed() {
    RdmaGidStatus status =
        status(
            "InfiniBand",
            new GidEntry(0, Gid.parse("fe80::1:2"), GidType.IB, 0, ""),
            new GidEntry(1, Gid.parse("fec0:0:1::14:500:0:1"), GidType.IB, 0, ""));

    assertThat(said(status, "Ready")).startsWith("True Usable");
    assertThat(said(status, "LibrariesAgree"))
        .isEqualTo("False SomeLandElsewhere told to take index 0, nccl takes index 1");
  }

  @Test
  void ofTwoThatNothingTellsApartNeitherIsPreferred() {
    Gid gid = Gid.parse("::ffff:10.0.0.1");
    RdmaGidStatus status =
        status(
            "Ethernet",
            new GidEntry(2, gid, GidType.ROCE_V2, 2, "eth0"),
            new GidEntry(5, gid, GidType.ROCE_V2, 2, "eth0"));

    assertThat(status.preferred()).isNull();
    assertThat(status.picks()).isNotEmpty().noneMatch(LibraryPick::agrees);
    assertThat(said(status, "Ready")).startsWith("False AmbiguousGid").contains("2", "5");
    assertThat(said(status, "LibrariesAgree")).startsWith("True AllLand");
  }

  private static RdmaGidStatus status(String linkLayer, GidEntry... entries) {
    Port port =
        new Port(
            1,
            new PortAttributes(linkLayer, "ACTIVE", "", 4096, 0, 16, ""),
            "eth0",
            List.of(entries),
            List.of());
    return PortStatus.of(
        Inventories.device("rxe0", "10.0.0.1"),
        port,
        PoolFacts.NONE,
        null,
        Instant.EPOCH,
        Clock.systemUTC());
  }

  private static String said(RdmaGidStatus status, String type) {
    return Conditions.find(status.conditions(), type)
        .map(condition ->
            condition.getStatus() + " " + condition.getReason() + " " + condition.getMessage())
        .orElse("");
  }
}
