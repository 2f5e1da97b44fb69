package io.rdmagid.deviceplugin.recording;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.deviceplugin.Recordings;
import io.rdmagid.deviceplugin.inventory.Device;
import io.rdmagid.deviceplugin.inventory.DeviceAttributes;
import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.inventory.Port;
import io.rdmagid.deviceplugin.inventory.PortAttributes;
import io.rdmagid.deviceplugin.inventory.RdmaNamespaceMode;
import io.rdmagid.deviceplugin.inventory.ReadBy;
import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.gid.GidType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class RecordingWriterTest {
  static Stream<Path> recordings() throws IOException {
    try (Stream<Path> samples = Files.list(Path.of("../samples"))) {
      return Stream.concat(
          Stream.of(Recordings.twoPorts()),
          samples.filter(file -> file.toString().endsWith(".json")).toList().stream());
    }
  }

  private static Inventory inventory(RecordingResult result) {
    assertThat(result).isInstanceOf(RecordingResult.Valid.class);
    return ((RecordingResult.Valid) result).inventory();
  }

  private static Inventory again(Inventory inventory) {
    return inventory(RecordingReader.parse(RecordingWriter.write(inventory)));
  }

  @ParameterizedTest
  @MethodSource("recordings")
  void whatIsWrittenReadsAsTheSame(Path file) {
    Inventory inventory = inventory(RecordingReader.read(file));

    assertThat(again(inventory)).isEqualTo(inventory);
  }

  @ParameterizedTest
  @EnumSource(RdmaNamespaceMode.class)
  void theModeIsKept(RdmaNamespaceMode mode) {
    assertThat(again(Inventory.EMPTY.in(mode)).namespaceMode()).isEqualTo(mode);
  }

  @Test
  void entriesOfOtherNamespacesStayApart() {
    // One number and two addresses; a name of here with an address of elsewhere.
    Inventory inventory =
        new Inventory(
            List.of(
                new Device(
                    "rxe0",
                    "uverbs0",
                    new DeviceAttributes("rdma_rxe", "", "", "", "", "", -1),
                    List.of(
                        new Port(
                            1,
                            new PortAttributes("Ethernet", "ACTIVE", "", 0, 0, 16, ""),
                            "eth0",
                            List.of(entry(1, "::ffff:10.0.0.5", 2, "eth0")),
                            List.of(
                                entry(3, "::ffff:10.0.0.6", 2, ""),
                                entry(4, "::ffff:10.0.0.7", 0, "eth0")))),
                    ReadBy.RECORDING)),
            List.of(),
            RdmaNamespaceMode.EXCLUSIVE);

    assertThat(again(inventory)).isEqualTo(inventory);
  }

  private static GidEntry entry(int index, String gid, int ifindex, String netdev) {
    return new GidEntry(index, Gid.parse(gid), GidType.ROCE_V2, ifindex, netdev);
  }
}
