package io.rdmagid.deviceplugin.recording;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.deviceplugin.Recordings;
import io.rdmagid.deviceplugin.inventory.Device;
import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.inventory.Port;
import io.rdmagid.deviceplugin.inventory.PortAttributes;
import io.rdmagid.deviceplugin.inventory.RdmaNamespaceMode;
import io.rdmagid.deviceplugin.inventory.UnreadDevice;
import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.gid.GidType;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingReaderTest {
  private static Inventory valid(RecordingResult result) {
    assertThat(result).isInstanceOf(RecordingResult.Valid.class);
    return ((RecordingResult.Valid) result).recording().inventory();
  }

  private static List<String> problems(String json) {
    RecordingResult result = RecordingReader.parse(json.replace('\'', '"'));
    assertThat(result).isInstanceOf(RecordingResult.Invalid.class);
    return ((RecordingResult.Invalid) result).problems();
  }

  @Test
  void theModeOfConfigfsIsThatOfTheTools() {
    RecordingResult result =
        RecordingReader.parse(
            """
            {"version": 1, "devices": [{"name": "a", "ports": [
              {"port": 1, "gidTableLength": 1, "defaultRoceMode": "IB/RoCE v1"}]}]}
            """);

    assertThat(result)
        .isInstanceOfSatisfying(
            RecordingResult.Valid.class,
            valid ->
                assertThat(
                        valid
                            .recording()
                            .inventory()
                            .devices()
                            .getFirst()
                            .ports()
                            .getFirst()
                            .attributes()
                            .defaultRoceType())
                    .hasValue(GidType.ROCE_V1));
  }

  @Test
  void theSampleReads() {
    Inventory inventory = valid(RecordingReader.read(Recordings.twoPorts()));

    assertThat(inventory.devices()).extracting(Device::name).containsExactly("mlx5_0", "mlx5_1");
    Device first = inventory.devices().getFirst();
    assertThat(first.attributes().pciAddress()).isEqualTo("0000:19:00.0");
    Port port = first.ports().getFirst();
    assertThat(port.attributes())
        .isEqualTo(new PortAttributes("Ethernet", "ACTIVE", "LINK_UP", 4096, 400, 256, "RoCE v2"));
    assertThat(port.netdev()).isEqualTo("ens1f0");
    assertThat(port.gids()).extracting(GidEntry::index).containsExactly(0, 1, 2, 3);
    assertThat(port.gids().getLast())
        .isEqualTo(new GidEntry(3, Gid.parse("::ffff:10.0.0.5"), GidType.ROCE_V2, 4, "ens1f0"));
    assertThat(port.podGidCount()).isEqualTo(1);
    Port down = inventory.devices().getLast().ports().getFirst();
    assertThat(down.attributes().active()).isFalse();
    assertThat(down.gids()).isEmpty();
  }

  @Test
  void theModeIsOneOfTwoOrUnknown() {
    assertThat(valid(RecordingReader.read(Recordings.twoPorts())).namespaceMode())
        .isEqualTo(RdmaNamespaceMode.SHARED);
    assertThat(valid(RecordingReader.parse("{\"version\": 1}")).namespaceMode())
        .isEqualTo(RdmaNamespaceMode.UNKNOWN);
    assertThat(problems("{'version': 1, 'rdmaNamespaceMode': 'open'}"))
        .containsExactly("rdmaNamespaceMode is 'open', not one of shared, exclusive");
  }

  @Test
  void whatIsOptionalHasDefaults() {
    Inventory inventory =
        valid(
            RecordingReader.parse(
                """
                {"version": 1, "devices": [{"name": "rxe0", "ports": [{"port": 1,
                 "gidTableLength": 16, "gids": [{"index": 15, "gid": "fe80::1", "type": "IB"}]}]}]}
                """));

    Port port = inventory.devices().getFirst().ports().getFirst();
    assertThat(port.attributes().active()).isTrue();
    assertThat(port.attributes().linkLayer()).isEqualTo("Ethernet");
    assertThat(port.gids())
        .containsExactly(new GidEntry(15, Gid.parse("fe80::1"), GidType.IB, 0, ""));
  }

  @Test
  void withoutLinksTheEntriesAreTakenAtTheirWord() {
    String ports =
        "'devices': [{'name': 'a', 'ports': [{'port': 1, 'gidTableLength': 8, 'gids': [{'index': 3,"
            + " 'gid': '::ffff:10.0.0.5', 'type': 'RoCE v2', 'netdev': 'ens1', 'ifindex': 4}]}]}]";

    Port bare = port("{'version': 1, " + ports + "}");
    Port elsewhere = port("{'version': 1, 'links': [], " + ports + "}");

    assertThat(bare.gids())
        .containsExactly(new GidEntry(3, Gid.parse("::ffff:10.0.0.5"), GidType.ROCE_V2, 4, "ens1"));
    assertThat(elsewhere.gids()).isEmpty();
    assertThat(elsewhere.podGidCount()).isEqualTo(1);
  }

  @Test
  void aNetdevWithoutANumberIsLookedUpByItsName() {
    String ports =
        "'devices': [{'name': 'a', 'ports': [{'port': 1, 'gidTableLength': 8, 'gids': [{'index': 3,"
            + " 'gid': '::ffff:10.0.0.5', 'type': 'RoCE v2', 'netdev': 'ens1'}]}]}]";
    Gid gid = Gid.parse("::ffff:10.0.0.5");

    Port bare = port("{'version': 1, " + ports + "}");
    Port here =
        port(
            "{'version': 1, 'links': [{'ifindex': 4, 'name': 'ens1', 'addresses': ['10.0.0.5/24']}],"
                + ports
                + "}");
    Port elsewhere = port("{'version': 1, 'links': [], " + ports + "}");

    assertThat(bare.gids()).containsExactly(new GidEntry(3, gid, GidType.ROCE_V2, 0, "ens1"));
    assertThat(bare.netdev()).isEqualTo("ens1");
    assertThat(here.gids()).containsExactly(new GidEntry(3, gid, GidType.ROCE_V2, 4, "ens1"));
    assertThat(elsewhere.gids()).isEmpty();
    assertThat(elsewhere.podGids())
        .containsExactly(new GidEntry(3, gid, GidType.ROCE_V2, 0, "ens1"));
  }

  private static Port port(String json) {
    return switch (RecordingReader.parse(json.replace('\'', '"'))) {
      case RecordingResult.Valid(Recording recording) ->
          recording.inventory().devices().getFirst().ports().getFirst();
      case RecordingResult.Invalid invalid -> throw new AssertionError(invalid.problems());
    };
  }

  @Test
  void everyProblemIsToldByItsPath() {
    assertThat(
            problems(
                """
                {'version': 2, 'colour': 'red', 'hostname': 5, 'environment': {'A': 1},
                 'devices': [
                  {'name': 'a', 'ports': [
                   {'port': 2, 'gidTableLength': 8, 'speed': 1, 'rateGbps': -1, 'gids': [
                    {'index': 8, 'gid': '10.0.0.1', 'type': 'RoCE v3'},
                    {'index': 1, 'gid': '::', 'type': 'RoCE v2'},
                    {'index': 1, 'gid': 'fe80::1', 'type': 'RoCE v2'},
                    {'index': 1, 'gid': 'fe80::2', 'type': 'RoCE v2'},
                    {'type': ''}, 7]},
                   {'port': 0}]},
                  {'name': 'a', 'ports': {}},
                  {},
                  {'name': 'b', 'pfName': ['ens1'], 'vfIndex': 65536}],
                 'links': [{'ifindex': 0, 'name': 'x', 'addresses': ['here/24', 3]}]}
                """))
        .containsExactlyInAnyOrder(
            "version is not a whole number from 1 to 1",
            "colour is not a field of a recording of version 1",
            "hostname is not a text",
            "environment.A is not a text",
            "devices[0].ports[0].speed is not a field of a recording of version 1",
            "devices[0].ports[0].rateGbps is not a number from 0 to 1000000",
            "devices[0].ports[0].gids[0].index is not a whole number from 0 to 7",
            "devices[0].ports[0].gids[0].gid is not a GID: '10.0.0.1' (IPv6 text such as"
                + " ::ffff:10.0.0.5 is expected)",
            "devices[0].ports[0].gids[0].type is 'RoCE v3', not one of IB, RoCE v1, RoCE v2",
            "devices[0].ports[0].gids[1].gid is zero: leave an empty slot out",
            "devices[0].ports[0].gids[4].index is missing",
            "devices[0].ports[0].gids[4].gid is missing",
            "devices[0].ports[0].gids[4].type is empty",
            "devices[0].ports[0].gids[5] is not an object",
            "devices[0].ports[0].gids[5].index is missing",
            "devices[0].ports[0].gids[5].gid is missing",
            "devices[0].ports[0].gids[5].type is missing",
            "devices[0].ports[0].gids holds '1' twice",
            "devices[0].ports[1].port is not a whole number from 1 to 255",
            "devices[0].ports[1].gidTableLength is missing",
            "devices[1].ports is not a list",
            "devices[2].name is missing",
            "devices[3].pfName is not a text",
            "devices[3].vfIndex is not a whole number from 0 to 65535",
            "devices holds 'a' twice",
            "links[0].ifindex is not a whole number from 1 to 2147483647",
            "links[0].addresses holds 'here/24', which is no IP address with a prefix length",
            "links[0].addresses[1] is not a text");
  }

  @Test
  void devicesThatCouldNotBeReadHaveTheirPlace() {
    Inventory inventory =
        valid(
            RecordingReader.parse(
                """
                {"version": 1, "unread": [
                  {"name": "irdma0", "cause": "NoProvider", "reason": "no library", "driver": "irdma",
                    "ports": [1, 2]},
                  {"name": "mlx5_0"}]}
                """));

    assertThat(inventory.unreadDevices())
        .extracting(UnreadDevice::describe)
        .containsExactly("irdma0: no library", "mlx5_0 cannot be read");
    UnreadDevice first = inventory.unreadDevices().getFirst();
    assertThat(first.cause()).isEqualTo(UnreadDevice.Cause.NO_PROVIDER);
    assertThat(first.attributes().driver()).isEqualTo("irdma");
    assertThat(first.ports()).containsExactly(1, 2);
  }

  @Test
  void aDeviceIsReadOrNot() {
    assertThat(
            problems(
                """
                {"version": 1, "devices": [{"name": "mlx5_0"}], "unread": [
                  {"name": "mlx5_0", "cause": "Lost", "ports": [0, "1"]}, {"name": "mlx5_0"}]}
                """))
        .containsExactlyInAnyOrder(
            "unread[0].cause is 'Lost', not one of Refused, NoProvider, OtherNamespace",
            "unread[0].ports[0] is not a whole number from 1 to 255",
            "unread[0].ports[1] is not a whole number from 1 to 255",
            "unread holds 'mlx5_0' twice",
            "unread holds 'mlx5_0', which devices has");
  }

  @Test
  void wordsThatDecideSomethingAreThoseOfThePage() {
    assertThat(
            problems(
                """
                {'version': 1, 'rdmaNamespaceMode': 'both', 'environment': {'A': 'b'}, 'devices': [
                  {'name': 'a', 'ports': [
                   {'port': 1, 'gidTableLength': 0, 'state': '4: ACTIVE', 'linkLayer': 'ethernet',
                    'rateGbps': 1e400, 'gids': [{'index': 0, 'gid': 'fe80::1', 'type': 'RoCE v2'}]}]}],
                 'links': [
                  {'ifindex': 4, 'name': 'a', 'addresses': ['10.0.0.1/33', 'fe80::1%1/64', '::/']},
                  {'ifindex': 4, 'name': 'b'},
                  {'ifindex': 5, 'name': 'a'}]}
                """))
        .containsExactlyInAnyOrder(
            "rdmaNamespaceMode is 'both', not one of shared, exclusive",
            "devices[0].ports[0].state is '4: ACTIVE', not one of NOP, DOWN, INIT, ARMED, ACTIVE,"
                + " ACTIVE_DEFER",
            "devices[0].ports[0].linkLayer is 'ethernet', not one of Ethernet, InfiniBand",
            "devices[0].ports[0].rateGbps is not a number from 0 to 1000000",
            "devices[0].ports[0].gids[0].index is of a table of no slots",
            "links[0].addresses holds '10.0.0.1/33', which is no IP address with a prefix length",
            "links[0].addresses holds 'fe80::1%1/64', which is no IP address with a prefix length",
            "links[0].addresses holds '::/', which is no IP address with a prefix length",
            "links holds '4' twice",
            "links holds 'a' twice");
  }

  @Test
  void aWrongTableLengthIsNoProblemOfItsEntries() {
    assertThat(
            problems(
                """
                {'version': 1, 'devices': [{'name': 'a', 'ports': [
                 {'port': 1, 'gidTableLength': 70000, 'gids': [
                  {'index': 300, 'gid': 'fe80::1', 'type': 'RoCE v2'}]}]}]}
                """))
        .containsExactly(
            "devices[0].ports[0].gidTableLength is not a whole number from 0 to 65535");
  }

  @Test
  void listsHaveBounds() {
    assertThat(problems("{'version': 1, 'devices': [" + "{},".repeat(64) + "{}]}"))
        .containsExactly("devices has 65 elements, more than 64");
    assertThat(
            problems(
                "{'version': 1, 'devices': [{'name': 'a', 'ports': ["
                    + "{},".repeat(16)
                    + "{}]}]}"))
        .containsExactly("devices[0].ports has 17 elements, more than 16");
    StringBuilder variables = new StringBuilder();
    for (int i = 0; i <= 4_096; i++) {
      variables.append(i == 0 ? "" : ",").append("'A").append(i).append("': ''");
    }
    assertThat(problems("{'version': 1, 'environment': {" + variables + "}}"))
        .containsExactly("environment has 4097 fields, more than 4096");
    assertThat(problems("{'version': 1, 'links': [" + "{},".repeat(65_535) + "{}]}"))
        .containsExactly("links has 65536 elements, more than 65535");
    assertThat(
            problems(
                "{'version': 1, 'links': [{'ifindex': 1, 'name': 'a', 'addresses': ["
                    + "'10.0.0.1/8',".repeat(65_535)
                    + "'10.0.0.1/8']}]}"))
        .contains("links[0].addresses has 65536 elements, more than 65535");
    assertThat(
            problems(
                "{'version': 1, 'devices': [{'name': 'a', 'ports': [{'gids': ["
                    + "{},".repeat(65_535)
                    + "{}]}]}]}"))
        .contains("devices[0].ports[0].gids has 65536 elements, more than 65535");
  }

  @Test
  void whatIsNoDocumentIsSaidToBeNone() {
    assertThat(problems("[]")).contains("the document is not an object");
    assertThat(problems("")).contains("the document is not an object");
    assertThat(problems("{'version'")).singleElement().asString().startsWith("is not JSON");
    assertThat(problems("{'version': 1} {}")).singleElement().asString().startsWith("is not JSON");
    assertThat(problems("{'version': 1, 'environment': [1]}"))
        .containsExactly("environment is not an object");
  }

  @Test
  void aFileThatIsNotThereIsAProblem(@TempDir Path folder) {
    assertThat(RecordingReader.read(folder.resolve("absent.json")))
        .isInstanceOfSatisfying(
            RecordingResult.Invalid.class,
            invalid ->
                assertThat(invalid.problems())
                    .singleElement()
                    .asString()
                    .isEqualTo("no such file"));
  }
}
