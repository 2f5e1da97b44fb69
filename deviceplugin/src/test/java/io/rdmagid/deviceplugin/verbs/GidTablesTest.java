package io.rdmagid.deviceplugin.verbs;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.deviceplugin.inventory.PortAttributes;
import io.rdmagid.deviceplugin.inventory.PortEntry;
import io.rdmagid.deviceplugin.inventory.ReadBy;
import io.rdmagid.deviceplugin.posix.Errno;
import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How tables are read, and how where the one call cannot give them. */
class GidTablesTest extends OnStubLibrary {
  @Test
  void allPortsAreReadByOneCallEachTime() {
    port(16, 9);
    port(4096, 2000);

    assertRead(ReadBy.IOCTL);
    assertRead(ReadBy.IOCTL);
    assertThat(library.tableCalls).isEqualTo(2);
    assertThat(library.flagCalls).as("how the kernel reads is asked once").isEqualTo(1);
    assertThat(library.entryCalls).isZero();
    assertThat(log.list).isEmpty();
  }

  @Test
  void moreEntriesThanACallCanGiveAreReadSlotBySlotFromThenOn() {
    port(4096, 4000);
    port(16, 16);
    assertThat(library.filled).hasSize(3012);

    assertRead(ReadBy.ENTRIES);
    assertRead(ReadBy.ENTRIES);
    library.filled.removeIf(entry -> entry.index() > 100);
    assertRead(ReadBy.ENTRIES);

    assertThat(library.tableCalls).isEqualTo(1);
    assertThat(library.entryCalls).isEqualTo(3 * (4096 + 16));
    assertSaid(ReadBy.ENTRIES);
  }

  @ParameterizedTest
  @EnumSource(names = {"ENODEV", "ENOTTY", "ENOSYS", "EPROTONOSUPPORT", "EOPNOTSUPP"})
  void whereTheOneCallIsRefusedSlotsAreReadOneByOne(Errno errno) {
    port(16, 9);
    library.tableErrno = errno.code();

    assertRead(ReadBy.ENTRIES);
    assertRead(ReadBy.ENTRIES);

    assertThat(library.tableCalls).isEqualTo(1);
    assertThat(library.flagCalls).isEqualTo(1);
    assertSaid(ReadBy.ENTRIES);
  }

  @ParameterizedTest
  @EnumSource(names = {"ENODEV", "ENOTTY", "ENOSYS", "EPROTONOSUPPORT", "EOPNOTSUPP"})
  void whereThatIsRefusedTooSysfsIsRead(Errno errno) throws IOException {
    SysfsTree tree = new SysfsTree(sysfs, "stub0");
    tree.port(1, 3);
    tree.slot(1, 0, "fe80:0000:0000:0000:5054:00ff:fe00:0012", "RoCE v2", "eth0");
    tree.slot(1, 2, "0000:0000:0000:0000:0000:ffff:0a00:0005", "RoCE v2", "net1");
    port(3, 3);
    library.tableErrno = Errno.EOPNOTSUPP.code();
    library.entryErrno = errno.code();

    for (int i = 0; i < 2; i++) {
      assertThat(value(read()))
          .isEqualTo(
              new OpenDevice.Tables(
                  List.of(
                      named(0, "fe80::5054:ff:fe00:12", "eth0"),
                      named(2, "::ffff:10.0.0.5", "net1")),
                  ReadBy.SYSFS));
    }
    assertThat(library.tableCalls).isEqualTo(1);
    assertThat(library.entryCalls).isEqualTo(1);
    assertSaid(ReadBy.SYSFS);
  }

  /** It would say success, and nobody would know why a reading is slow. */
  @Test
  void whereLibibverbsWouldWalkSysfsItselfOursDoes() throws IOException {
    library.walksSysfs = true;
    library.lengths.add(3);
    library.filled.add(entryOf(3, "::ffff:10.0.0.5"));

    assertRefused("read of " + sysfs.resolve("class/infiniband/stub0/ports/1/gids"), Errno.ENODEV);
    SysfsTree tree = new SysfsTree(sysfs, "stub0");
    tree.port(1, 3);
    tree.slot(1, 2, "0000:0000:0000:0000:0000:ffff:0a00:0005", "RoCE v2", "net1");
    for (int i = 0; i < 2; i++) {
      assertThat(value(read()))
          .isEqualTo(
              new OpenDevice.Tables(List.of(named(2, "::ffff:10.0.0.5", "net1")), ReadBy.SYSFS));
    }

    assertThat(library.tableCalls).isZero();
    assertThat(library.entryCalls).isZero();
    assertSaid(ReadBy.SYSFS);
  }

  private static PortEntry named(int index, String gid, String netdev) {
    return new PortEntry(1, index, Gid.parse(gid), GidType.ROCE_V2, 0, netdev);
  }

  @Test
  void aLibraryWithoutTheOneCallIsAskedForEachSlot() {
    library.missing.add("_ibv_query_gid_table");
    port(16, 9);

    assertRead(ReadBy.ENTRIES);
    assertSaid(ReadBy.ENTRIES);
  }

  @Test
  void aLibraryWithoutEitherLeavesSysfs() throws IOException {
    library.missing.addAll(List.of("_ibv_query_gid_table", "_ibv_query_gid_ex"));
    SysfsTree tree = new SysfsTree(sysfs, "stub0");
    tree.port(1, 1);
    tree.slot(1, 0, "0000:0000:0000:0000:0000:ffff:0a00:0005", "RoCE v2", "eth0");
    library.lengths.add(1);

    assertThat(value(read()).entries()).containsExactly(named(0, "::ffff:10.0.0.5", "eth0"));
    assertSaid(ReadBy.SYSFS);
  }

  @Test
  void anEmptySlotIsNoRefusal() {
    library.lengths.add(8);
    library.tableErrno = Errno.ENOSYS.code();

    assertThat(value(read()).entries()).isEmpty();
    assertThat(library.entryCalls).isEqualTo(8);
  }

  @Test
  void portsOfAllKindsAreReadByOneCall() {
    library.lengths.addAll(List.of(8, 16, 16));
    library.first().infiniband.add(1);
    library.filled.addAll(
        List.of(
            new PortEntry(1, 0, Gid.parse("fe80::1:2"), GidType.IB, 0, ""),
            new PortEntry(2, 0, Gid.parse("fe80::1"), GidType.ROCE_V1, 4, ""),
            new PortEntry(2, 1, Gid.parse("fe80::1"), GidType.ROCE_V2, 4, ""),
            new PortEntry(3, 15, Gid.parse("::ffff:10.0.0.5"), GidType.ROCE_V2, 9, "")));

    assertRead(ReadBy.IOCTL);
    assertThat(value(device.port(1)).linkLayer()).isEqualTo(PortAttributes.INFINIBAND);
    assertThat(value(device.port(2)).linkLayer()).isEqualTo(PortAttributes.ETHERNET);
    assertThat(library.tableCalls).isEqualTo(1);

    library.tableErrno = Errno.EOPNOTSUPP.code();
    assertRead(ReadBy.ENTRIES);
  }

  /** Each function is a device, one of those in the list, with a table of its own. */
  @Test
  void aPhysicalFunctionAndItsVirtualOnesHaveTheirOwnTables() throws IOException {
    library.lengths.add(256);
    library.filled.add(entryOf(2, "::ffff:10.0.0.1"));
    for (int function = 1; function <= 2; function++) {
      StubIbverbs.Device virtual = library.add("uverbs" + function, events.descriptor());
      virtual.lengths.add(128);
      virtual.filled.add(entryOf(7, "::ffff:10.0.0.1" + function));
    }
    assertRead(ReadBy.IOCTL);

    for (int function = 1; function <= 2; function++) {
      Verbs.DeviceNode node = new Verbs.DeviceNode("stub" + function, "uverbs" + function);
      node(node);
      try (OpenDevice virtual = value(verbs.open(node))) {
        PortAttributes port = value(virtual.port(1));
        assertThat(port.gidTableLength()).isEqualTo(128);
        assertThat(value(virtual.tables(Map.of(1, port))).entries())
            .containsExactly(entryOf(7, "::ffff:10.0.0.1" + function));
      }
    }
  }

  private static PortEntry entryOf(int ifindex, String gid) {
    return new PortEntry(1, 3, Gid.parse(gid), GidType.ROCE_V2, ifindex, "");
  }

  @Test
  void whatWorkedIsUsedAgainWhereADeviceIsOpenedForEachReading() throws IOException {
    port(16, 9);
    Path verbsClass = Files.createDirectories(sysfs.resolve("class/infiniband_verbs/uverbs0"));
    Files.createDirectories(sysfs.resolve("class/infiniband/stub0"));
    Files.writeString(verbsClass.resolve("ibdev"), "stub0\n");
    library.tableErrno = Errno.EOPNOTSUPP.code();
    assertRead(ReadBy.ENTRIES);

    reopen();
    assertRead(ReadBy.ENTRIES);
    assertThat(library.tableCalls).isEqualTo(1);
    assertSaid(ReadBy.ENTRIES);

    // Another device in its place has to be asked anew.
    Files.delete(verbsClass.resolve("ibdev"));
    assertThat(value(verbs.devices())).isEmpty();
    library.tableErrno = 0;
    reopen();
    assertRead(ReadBy.IOCTL);
  }

  private void reopen() {
    device.close();
    device = value(verbs.open(NODE));
  }

  @Test
  void theModeOfRdmaCmIsThePorts() throws IOException {
    library.lengths.addAll(List.of(8, 8));
    library.first().infiniband.add(2);
    for (int number = 1; number <= 2; number++) {
      Path folder =
          Files.createDirectories(sysfs.resolve("kernel/config/rdma_cm/stub0/ports/" + number));
      Files.writeString(folder.resolve("default_roce_mode"), "IB/RoCE v1\n");
    }
    OpenDevice open = value(open());

    assertThat(value(open.port(1)).defaultRoceMode()).isEqualTo("RoCE v1");
    assertThat(value(open.port(2)).defaultRoceMode()).isEmpty();
    open.close();
  }
}
