package io.rdmagid.deviceplugin.verbs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.rdmagid.deviceplugin.inventory.PortAttributes;
import io.rdmagid.deviceplugin.inventory.PortEntry;
import io.rdmagid.deviceplugin.inventory.ReadBy;
import io.rdmagid.deviceplugin.posix.Errno;
import io.rdmagid.deviceplugin.posix.FileDescriptors;
import io.rdmagid.deviceplugin.posix.NativeLibrary;
import io.rdmagid.deviceplugin.posix.WakeUp;
import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
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

  @Test
  void aDeviceWithoutAProviderSaysSo() {
    library.listed = false;

    assertThat(open())
        .isInstanceOfSatisfying(
            Reply.Refused.class,
            refused ->
                assertThat(refused.describe())
                    .isEqualTo(
                        "stub0: ibv_get_device_list: ENODEV (19): no such device; no provider"
                            + " library for it: libibverbs does not list it"));
  }
}
