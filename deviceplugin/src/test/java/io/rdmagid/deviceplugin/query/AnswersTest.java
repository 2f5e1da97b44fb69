package io.rdmagid.deviceplugin.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.deviceplugin.Recordings;
import io.rdmagid.deviceplugin.Tables;
import io.rdmagid.deviceplugin.inventory.Device;
import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.inventory.Port;
import io.rdmagid.deviceplugin.inventory.UnreadDevice;
import io.rdmagid.deviceplugin.wire.Revision;
import io.rdmagid.deviceplugin.wire.TableMapping;
import io.rdmagid.deviceplugin.wire.UnreadMapping;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.proto.gidtable.EmptySlot;
import io.rdmagid.proto.gidtable.EntryType;
import io.rdmagid.proto.gidtable.FindRequest;
import io.rdmagid.proto.gidtable.FoundEntry;
import io.rdmagid.proto.gidtable.NoSuchDevice;
import io.rdmagid.proto.gidtable.NoSuchIndex;
import io.rdmagid.proto.gidtable.NoSuchPort;
import io.rdmagid.proto.gidtable.QueryEntryRequest;
import io.rdmagid.proto.gidtable.QueryEntryResponse;
import io.rdmagid.proto.gidtable.QueryTableRequest;
import io.rdmagid.proto.gidtable.Table;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AnswersTest {
  /** mlx5_0/1 with entries 0 to 4, the last a pod's, mlx5_1/1 without any, mlx5_9 unread. */
  private static final Inventory INVENTORY =
      new Inventory(Tables.of(Recordings.twoPorts()).devices(), Set.of("mlx5_9"));

  private static final Published READING =
      new Published(INVENTORY, new Revision(5, Instant.EPOCH, Instant.EPOCH));

  private static QueryEntryResponse entry(String device, int port, int index) {
    return Answers.entry(
        QueryEntryRequest.newBuilder().setDevice(device).setPort(port).setIndex(index).build(),
        READING);
  }

  private static QueryEntryResponse.Builder answer() {
    return QueryEntryResponse.newBuilder().setRevision(5);
  }

  private static List<Integer> found(FindRequest.Builder request) {
    return Answers.find(request.build(), READING).getEntriesList().stream()
        .map(found -> found.getEntry().getIndex())
        .toList();
  }

  private static Inventory table(String device, int port) {
    Table table =
        Answers.table(
            QueryTableRequest.newBuilder().setDevice(device).setPort(port).build(), READING);
    return TableMapping.inventory(table);
  }

  @Test
  void aTableIsOfAllOrOfWhatIsAskedFor() {
    Device first = INVENTORY.devices().getFirst();

    assertThat(table("", 0)).isEqualTo(INVENTORY);
    assertThat(table("mlx5_0", 0)).isEqualTo(new Inventory(List.of(first)));
    assertThat(table("mlx5_0", 1)).isEqualTo(new Inventory(List.of(first)));
    assertThat(table("mlx5_0", 2).devices())
        .singleElement()
        .satisfies(device -> assertThat(device.ports()).isEmpty());
    assertThat(table("mlx5_7", 0)).isEqualTo(Inventory.EMPTY);
    assertThat(table("mlx5_9", 0)).isEqualTo(new Inventory(List.of(), Set.of("mlx5_9")));
  }

  @Test
  void aSlotHoldsAnEntryOrTheAnswerSaysWhyNot() {
    Port port = INVENTORY.devices().getFirst().ports().getFirst();
    List<GidEntry> entries = port.table();

    assertThat(entry("mlx5_0", 1, 3))
        .isEqualTo(
            answer()
                .setEntry(TableMapping.entry(entries.get(3), port.elsewhere(), port.unusable()))
                .build());
    assertThat(entry("mlx5_0", 1, 4))
        .isEqualTo(
            answer()
                .setEntry(TableMapping.entry(entries.get(4), port.elsewhere(), port.unusable()))
                .build());
    assertThat(entry("mlx5_0", 1, 255))
        .isEqualTo(answer().setEmptySlot(EmptySlot.getDefaultInstance()).build());
    assertThat(entry("mlx5_0", 1, 256))
        .isEqualTo(answer().setNoSuchIndex(NoSuchIndex.newBuilder().setSlots(256)).build());
    assertThat(entry("mlx5_0", 1, -1).hasNoSuchIndex()).isTrue();
    assertThat(entry("mlx5_0", 2, 3))
        .isEqualTo(answer().setNoSuchPort(NoSuchPort.newBuilder().addPorts(1)).build());
    assertThat(entry("mlx5_7", 1, 3))
        .isEqualTo(
            answer()
                .setNoSuchDevice(
                    NoSuchDevice.newBuilder().addAllDevices(List.of("mlx5_0", "mlx5_1", "mlx5_9")))
                .build());
    assertThat(entry("mlx5_9", 1, 3))
        .isEqualTo(
            answer()
                .setUnreadDevice(UnreadMapping.message(UnreadDevice.refused("mlx5_9", "")))
                .build());
  }

  @Test
  void whatIsGivenMustAllHold() {
    assertThat(found(FindRequest.newBuilder())).containsExactly(0, 1, 2, 3, 4);
    assertThat(found(FindRequest.newBuilder().setAddress("10.0.0.5"))).containsExactly(2, 3);
    assertThat(found(FindRequest.newBuilder().setAddress("::ffff:10.0.0.5"))).containsExactly(2, 3);
    assertThat(found(FindRequest.newBuilder().setAddress("192.168.7.9"))).containsExactly(4);
    assertThat(
            found(
                FindRequest.newBuilder()
                    .setAddress("10.0.0.5")
                    .setType(EntryType.ENTRY_TYPE_ROCE_V2)))
        .containsExactly(3);
    assertThat(found(FindRequest.newBuilder().setNetdev("ens1f0"))).containsExactly(0, 1, 2, 3);
    assertThat(found(FindRequest.newBuilder().setDevice("mlx5_1"))).isEmpty();
    assertThat(found(FindRequest.newBuilder().setDevice("mlx5_0").setPort(1))).hasSize(5);
    assertThat(found(FindRequest.newBuilder().setDevice("mlx5_0").setPort(2))).isEmpty();
  }

  @Test
  void whatIsFoundIsToldWithItsPlace() {
    FoundEntry found =
        Answers.find(FindRequest.newBuilder().setAddress("192.168.7.9").build(), READING)
            .getEntries(0);

    assertThat(found.getDevice()).isEqualTo("mlx5_0");
    assertThat(found.getPort()).isOne();
    assertThat(found.getEntry().getOtherNamespace()).isTrue();
  }
}
