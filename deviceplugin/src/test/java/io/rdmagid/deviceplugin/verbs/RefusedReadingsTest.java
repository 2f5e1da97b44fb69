package io.rdmagid.deviceplugin.verbs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rdmagid.deviceplugin.inventory.ReadBy;
import io.rdmagid.deviceplugin.inventory.UnreadDevice;
import io.rdmagid.deviceplugin.posix.Errno;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a refusal says. */
class RefusedReadingsTest extends OnStubLibrary {
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

  /** libibverbs has the errno of something else then, some 5 s later. */
  @Test
  void aNodeThatDoesNotOpenIsRefusedBeforeLibibverbsIsAsked() throws IOException {
    Path file = deviceNodes.resolve("uverbs0");
    Files.delete(file);
    assertThat(refusedOpen())
        .isEqualTo(
            "stub0: open of "
                + file
                + ": ENOENT (2): no such file or device; its device node is not here: mount the"
                + " host's /dev/infiniband");

    Path _ = Files.createSymbolicLink(file, file);
    // ELOOP, wherever the test runs.
    assertThat(refusedOpen()).startsWith("stub0: open of " + file + ": errno 40");
    assertThat(library.openCalls).isZero();
  }

  private String refusedOpen() {
    return switch (open()) {
      case Reply.Ok<OpenDevice> opened -> throw new AssertionError(opened);
      case Reply.Refused<OpenDevice> refused -> refused.describe();
    };
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

  @Test
  void aLibraryThatLacksWhatNothingReplacesCannotBeUsed() {
    library.missing.add("ibv_query_port");

    assertThatThrownBy(this::open)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("install libibverbs1")
        .hasRootCauseMessage("libibverbs of the test has no function ibv_query_port");
  }
}
