package io.rdmagid.deviceplugin.recording;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.deviceplugin.Recordings;
import io.rdmagid.deviceplugin.inventory.Device;
import io.rdmagid.deviceplugin.inventory.DeviceAttributes;
import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.inventory.LinkAddress;
import io.rdmagid.deviceplugin.inventory.LinkDescription;
import io.rdmagid.deviceplugin.inventory.Port;
import io.rdmagid.deviceplugin.inventory.PortAttributes;
import io.rdmagid.deviceplugin.inventory.RdmaNamespaceMode;
import io.rdmagid.deviceplugin.inventory.ReadBy;
import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.gid.GidType;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class RecordingWriterTest {
  private static Recording read(String text) {
    return switch (RecordingReader.parse(text)) {
      case RecordingResult.Valid(Recording recording) -> recording;
      case RecordingResult.Invalid invalid -> throw new AssertionError(invalid.problems());
    };
  }

  /** The inventory, whose entries tell host and pods apart, links, environment and all. */
  @Property
  void whatIsWrittenIsReadAsAnEqual(@ForAll Random random) {
    Recording recording = RandomRecordings.of(random);

    assertThat(read(RecordingWriter.text(recording))).isEqualTo(recording);
  }

  /** As a reading inside another namespace is told, which has no links but those of its entries. */
  @Example
  void entriesOfOtherNamespacesStayApart() {
    // One number and two addresses; a name of here with an address of elsewhere.
    Inventory inventory =
        inventory(
                entry(1, "::ffff:10.0.0.5", 2, "eth0"),
                entry(3, "::ffff:10.0.0.6", 2, ""),
                entry(4, "::ffff:10.0.0.7", 0, "eth0"))
            .in(RdmaNamespaceMode.EXCLUSIVE);

    Recording recording = Recording.of(Capture.UNKNOWN, inventory, List.of(), Map.of());

    assertThat(read(RecordingWriter.text(recording)).inventory()).isEqualTo(inventory);
  }

  /** As kube-ipvs0 has in a cluster of many Services. */
  @Example
  void aLinkMayHaveManyAddresses() {
    List<LinkAddress> addresses =
        IntStream.range(0, 20_000)
            .mapToObj(i -> LinkAddress.of(new Gid(0, 0xffff_0a00_0000L + i)))
            .toList();
    Recording recording =
        Recording.of(
            Capture.UNKNOWN,
            inventory(entry(1, "::ffff:10.0.0.5", 4, "eth0")),
            List.of(new LinkDescription(9, "kube-ipvs0", "dummy", "DOWN", 1500, "", addresses)),
            Map.of());

    assertThat(read(RecordingWriter.text(recording))).isEqualTo(recording);
  }

  /** The netdev of an entry went, and another was made by its name, before links were read. */
  @Example
  void aLinkMadeMeanwhileByTheSameNameStaysOut() {
    Inventory inventory = inventory(entry(1, "::ffff:10.0.0.5", 4, "vlan5"));
    List<LinkDescription> links =
        List.of(new LinkDescription(9, "vlan5", "vlan", "UP", 1500, "", List.of()));

    Recording recording = Recording.of(Capture.UNKNOWN, inventory, links, Map.of());

    assertThat(read(RecordingWriter.text(recording)).inventory()).isEqualTo(inventory);
  }

  /** A port on the netdev of its one entry of here. */
  private static Inventory inventory(GidEntry here, GidEntry... elsewhere) {
    Port port =
        new Port(
            1,
            new PortAttributes("Ethernet", "ACTIVE", "", 0, 0, 16, ""),
            here.netdev(),
            List.of(here),
            List.of(elsewhere));
    return new Inventory(
        List.of(
            new Device(
                "rxe0", "uverbs0", DeviceAttributes.UNKNOWN, List.of(port), ReadBy.RECORDING)));
  }

  private static GidEntry entry(int index, String gid, int ifindex, String netdev) {
    return new GidEntry(index, Gid.parse(gid), GidType.ROCE_V2, ifindex, netdev);
  }

  @Example
  void samplesSurviveIt() {
    for (Path sample : Recordings.samples()) {
      assertThat(RecordingReader.read(sample)).isInstanceOf(RecordingResult.Valid.class);
      Recording recording = ((RecordingResult.Valid) RecordingReader.read(sample)).recording();
      assertThat(read(RecordingWriter.text(recording))).as(sample.toString()).isEqualTo(recording);
    }
  }

  @Example
  void anEntryIsALine() {
    String text =
        """
        {
          "version": 1,
          "hostname": "node-a",
          "devices": [
            {
              "name": "mlx5_0",
              "ports": [
                {
                  "port": 1,
                  "linkLayer": "Ethernet",
                  "state": "ACTIVE",
                  "rateGbps": 2.5,
                  "netdev": "ens1f0",
                  "gidTableLength": 256,
                  "gids": [
                    {"index": 3, "gid": "::ffff:10.0.0.5", "type": "RoCE v2", "netdev": "ens1f0", "ifindex": 4}
                  ]
                }
              ]
            },
            {"name": "mlx5_1", "ports": []}
          ],
          "links": [
            {
              "ifindex": 4,
              "name": "ens1f0",
              "addresses": ["10.0.0.5/24", "fd00::5/64"]
            }
          ],
          "environment": {"NCCL_IB_GID_INDEX": "3"}
        }
        """;

    assertThat(RecordingWriter.text(read(text))).isEqualTo(text);
  }
}
