package io.rdmagid.deviceplugin.verbs;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.deviceplugin.posix.Errno;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplyTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          EPERM   | EPERM (1): not permitted; it belongs to another network namespace, or the device cgroup leaves out its node: run where it belongs, and allow the node
          ENOENT  | ENOENT (2): no such file or device; its device node is not here: mount the host's /dev/infiniband
          EACCES  | EACCES (13): access denied; its device node keeps others out: run as root, or give the node mode 0666
          EIO     | EIO (5): the device is being removed; if it stays, the kernel's log says why
          ENXIO   | ENXIO (6): the device is being removed; if it stays, the kernel's log says why
          EAGAIN  | EAGAIN (11): try again; the rdma cgroup allows no more handles: raise hca_handle in rdma.max
          EMFILE  | EMFILE (24): too many open files; raise the limit of open files
          ENOMEM  | ENOMEM (12): out of memory; the kernel, or the device, has no room for another user: close others, or raise the limit of locked memory
          ENODEV  | ENODEV (19): no such device; it has just gone; if it stays, the kernel's log says why
          EINVAL  | EINVAL (22): invalid argument; if it stays, kernel and libibverbs do not fit each other: take a newer rdma-core
          ENOTTY  | ENOTTY (25): not supported by this kernel; the kernel or libibverbs is too old for it: Linux 5.10 and rdma-core 32 have it
          ENOSYS  | ENOSYS (38): no such function; the kernel or libibverbs is too old for it: Linux 5.10 and rdma-core 32 have it
          EPROTONOSUPPORT | EPROTONOSUPPORT (93): not supported by this kernel; the kernel or libibverbs is too old for it: Linux 5.10 and rdma-core 32 have it
          EOPNOTSUPP | EOPNOTSUPP (95): not supported by this provider; the device's provider library does not know the call: take a newer rdma-core
          EFAULT  | EFAULT (14): bad address; that is a mistake of rdmagid: report it
          ENODATA | ENODATA (61): the slot is empty
          """)
  void aRefusalSaysWhatToDo(Errno errno, String text) {
    Reply.Refused<String> refused = new Reply.Refused<>("ibv_open_device", "mlx5_0", errno.code());

    assertThat(refused.describe()).isEqualTo("mlx5_0: ibv_open_device: " + text);
    assertThat(refused.<Integer>as().describe()).isEqualTo(refused.describe());
  }

  @ParameterizedTest
  @CsvSource({"EPERM, 'list: EPERM (1): not permitted'"})
  void whatIsAboutNoDeviceHasNoAdviceForOne(Errno errno, String text) {
    assertThat(new Reply.Refused<>("list", "", errno.code()).describe()).isEqualTo(text);
  }
}
