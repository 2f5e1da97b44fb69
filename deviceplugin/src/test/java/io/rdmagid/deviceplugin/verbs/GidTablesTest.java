package io.rdmagid.deviceplugin.verbs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.rdmagid.deviceplugin.inventory.PortAttributes;
import io.rdmagid.deviceplugin.inventory.PortEntry;
import io.rdmagid.deviceplugin.inventory.ReadBy;
import io.rdmagid.deviceplugin.inventory.UnreadDevice;
import io.rdmagid.deviceplugin.posix.Errno;
import io.rdmagid.deviceplugin.posix.FileDescriptors;
import io.rdmagid.deviceplugin.posix.NativeLibrary;
import io.rdmagid.deviceplugin.posix.WakeUp;
import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** By way of a libibverbs in Java, through the real calls. */
class GidTablesTest {
  private static final Verbs.DeviceNode NODE = new Verbs.DeviceNode("stub0", "uverbs0");
  private static final Logger LOG = (Logger) LoggerFactory.getLogger(GidTables.class);

  private final FileDescriptors descriptors = new FileDescriptors();
  private final WakeUp events = WakeUp.create();
  private final StubIbverbs library = new StubIbverbs(NODE.uverbs(), events.descriptor());
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  @TempDir Path sysfs;
  private Verbs verbs;
  private OpenDevice device;

  @BeforeEach
  void hear() {
    log.start();
    LOG.addAppender(log);
  }

  @AfterEach
  void close() {
    LOG.detachAppender(log);
    if (device != null) {
      device.close();
    }
    if (verbs != null) {
      verbs.close();
    }
    descriptors.close(events.descriptor());
    descriptors.close();
    library.close();
  }

  /** A port of this length with entries up to an index, every fourth slot left empty. */
  private void port(int length, int upTo) {
    library.lengths.add(length);
    int port = library.lengths.size();
    for (int index = 0; index < upTo; index++) {
      if (index % 4 != 3) {
        GidType type = index % 2 == 0 ? GidType.ROCE_V1 : GidType.ROCE_V2;
        Gid gid = new Gid(0, 0xffff_0a00_0000L + (port << 16) + index + 1);
        library.filled.add(new PortEntry(port, index, gid, type, 2 + index, ""));
      }
    }
  }

  private Reply<OpenDevice> open() {
    verbs =
        new NativeVerbs(
            descriptors, sysfs, () -> NativeLibrary.of("libibverbs of the test", library));
    return verbs.open(NODE);
  }

  /** Reads as the observing thread does: the device stays open, the ports are asked each time. */
  private Reply<OpenDevice.Tables> read() {
    if (device == null) {
      device = value(open());
    }
    Map<Integer, PortAttributes> ports = new TreeMap<>();
    for (int number = 1; number <= value(device.describe()).ports(); number++) {
      ports.put(number, value(device.port(number)));
    }
    return device.tables(ports);
  }

  private static <T> T value(Reply<T> reply) {
    return switch (reply) {
      case Reply.Ok<T>(T value) -> value;
      case Reply.Refused<T> refused -> throw new AssertionError(refused.describe());
    };
  }

  private void assertRead(ReadBy readBy) {
    assertThat(value(read())).isEqualTo(new OpenDevice.Tables(library.filled, readBy));
  }

  private void assertRefused(String operation, Errno errno) {
    assertThat(read())
        .isInstanceOfSatisfying(
            Reply.Refused.class,
            refused -> {
              assertThat(refused.operation()).isEqualTo(operation);
              assertThat(refused.device()).isEqualTo("stub0");
              assertThat(refused.errno()).isEqualTo(errno.code());
            });
  }

  /** Said once, with how it goes on. */
  private void assertSaid(ReadBy readBy) {
    assertThat(log.list)
        .singleElement()
        .satisfies(event -> {
          assertThat(event.getMessage()).isEqualTo("GID tables read more slowly");
          assertThat(event.getKeyValuePairs())
              .extracting(pair -> pair.key + "=" + pair.value)
              .contains("device=stub0", "method=" + readBy.text());
        });
  }

  @Test
  void allPortsAreReadByOneCall() {
    port(16, 9);
    port(4096, 2000);

    assertRead(ReadBy.IOCTL);
    assertThat(library.tableCalls).isEqualTo(1);
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
  void aLibraryThatLacksWhatNothingReplacesCannotBeUsed() {
    library.missing.add("ibv_query_port");

    assertThatThrownBy(this::open)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("install libibverbs1")
        .hasRootCauseMessage("libibverbs of the test has no function ibv_query_port");
  }

  @Test
  void aTableThatGrewIsRefusedAndReadByOneCallTheNextTime() {
    port(8, 12);

    assertRefused("ibv_query_gid_table", Errno.EINVAL);
    library.lengths.set(0, 16);
    assertRead(ReadBy.IOCTL);

    assertThat(library.entryCalls).isZero();
    assertThat(log.list).isEmpty();
  }

  @Test
  void aDeviceThatIsBeingRemovedIsNotReadInAnotherWay() {
    port(16, 9);
    library.tableErrno = Errno.EIO.code();
    assertRefused("ibv_query_gid_table", Errno.EIO);
    assertThat(library.entryCalls).isZero();

    library.tableErrno = Errno.ENOTTY.code();
    library.entryErrno = Errno.EIO.code();
    assertRefused("ibv_query_gid_ex", Errno.EIO);

    library.entryErrno = Errno.ENOTTY.code();
    assertRefused("read of " + sysfs.resolve("class/infiniband/stub0/ports/1/gids"), Errno.ENODEV);
    assertThat(log.list).isEmpty();
  }

  /** What each errno of the kernel page means where nothing else can be tried, in one sentence. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          EIO     | EIO (5): the device is being removed; if it stays, the kernel's log says why
          ENXIO   | ENXIO (6): the device is being removed; if it stays, the kernel's log says why
          EPERM   | EPERM (1): not permitted; it belongs to another network namespace, or the device cgroup leaves out its node: run where it belongs, and allow the node
          EACCES  | EACCES (13): access denied; its device node keeps others out: run as root, or give the node mode 0666
          ENOENT  | ENOENT (2): no such file or device; its device node is not here: mount the host's /dev/infiniband
          EAGAIN  | EAGAIN (11): try again; the rdma cgroup allows no more handles: raise hca_handle in rdma.max
          ENOMEM  | ENOMEM (12): out of memory; the kernel, or the device, has no room for another user: close others, or raise the limit of locked memory
          EMFILE  | EMFILE (24): too many open files; raise the limit of open files
          EFAULT  | EFAULT (14): bad address; that is a mistake of rdmagid: report it
          EINVAL  | EINVAL (22): invalid argument; the table has changed its length: the next reading asks for it again; if it stays, kernel and libibverbs do not fit each other
          """)
  void aRefusalThatNoOtherWayHelpsNamesDeviceOperationAndWhatToDo(Errno errno, String text) {
    port(16, 9);
    library.tableErrno = errno.code();
    assertThat(refusal()).isEqualTo("stub0: ibv_query_gid_table: " + text);
    assertThat(library.entryCalls).isZero();

    library.tableErrno = Errno.ENOTTY.code();
    library.entryErrno = errno.code();
    assertThat(refusal())
        .isEqualTo(
            "stub0: ibv_query_gid_ex: "
                + text
                + "; before that ibv_query_gid_table: ENOTTY (25): not supported by this kernel");
  }

  private String refusal() {
    return switch (read()) {
      case Reply.Ok<OpenDevice.Tables> tables -> throw new AssertionError(tables);
      case Reply.Refused<OpenDevice.Tables> refused -> refused.describe();
    };
  }

  @Test
  void whereEveryWayIsRefusedAllSayWhy() {
    port(16, 9);
    library.tableErrno = Errno.EOPNOTSUPP.code();
    library.entryErrno = Errno.EPROTONOSUPPORT.code();

    assertThat(refusal())
        .isEqualTo(
            "stub0: read of "
                + sysfs.resolve("class/infiniband/stub0/ports/1/gids")
                + ": ENODEV (19): no such device; before that ibv_query_gid_table: EOPNOTSUPP (95):"
                + " not supported by this provider, ibv_query_gid_ex: EPROTONOSUPPORT (93): not"
                + " supported by this kernel");
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
  void aPhysicalFunctionAndItsVirtualOnesHaveTheirOwnTables() {
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
  void aRefusedDescriptionOrPortSaysWhich() {
    library.lengths.add(8);
    OpenDevice open = value(open());
    library.deviceErrno = Errno.EIO.code();
    library.portErrno = Errno.ENOMEM.code();

    assertThat(open.describe()).isEqualTo(refused("ibv_query_device", Errno.EIO));
    assertThat(open.port(1)).isEqualTo(refused("ibv_query_port", Errno.ENOMEM));
    open.close();
  }

  private static Reply.Refused<Object> refused(String operation, Errno errno) {
    return new Reply.Refused<>(operation, "stub0", errno.code());
  }

  @Test
  void aDeviceThatDoesNotOpenIsRefused() {
    library.opens = false;

    assertThat(open())
        .isInstanceOfSatisfying(
            Reply.Refused.class,
            refused -> {
              assertThat(refused.operation()).isEqualTo("ibv_open_device");
              assertThat(refused.device()).isEqualTo("stub0");
              assertThat(refused.cause()).isEqualTo(UnreadDevice.Cause.REFUSED);
            });
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

  @Test
  void aDeviceWithoutAProviderSaysSo() throws IOException {
    library.listed = false;
    for (int port = 1; port <= 2; port++) {
      Files.createDirectories(sysfs.resolve("class/infiniband/stub0/ports/" + port));
    }
    Files.writeString(sysfs.resolve("class/infiniband/stub0/fw_ver"), "28.39.1002\n");

    assertThat(open())
        .isInstanceOfSatisfying(
            Reply.Refused.class,
            refused -> {
              assertThat(refused.cause()).isEqualTo(UnreadDevice.Cause.NO_PROVIDER);
              assertThat(refused.describe())
                  .isEqualTo(
                      "stub0: ibv_get_device_list: ENODEV (19): no such device; no provider library"
                          + " for it, so libibverbs does not list it: install ibverbs-providers"
                          + " (apt) or libibverbs (dnf), of a version that knows its driver");
            });
    assertThat(verbs.describeClosed(NODE).ports()).isEqualTo(2);
    assertThat(verbs.describeClosed(NODE).attributes().firmware()).isEqualTo("28.39.1002");
    assertThat(verbs.describeClosed(new Verbs.DeviceNode("gone0", "uverbs9")).ports()).isZero();
  }
}
