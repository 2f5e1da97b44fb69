package io.rdmagid.deviceplugin.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.deviceplugin.inventory.RdmaNamespaceMode;
import io.rdmagid.deviceplugin.posix.FileDescriptors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On the kernel that the test runs on, whether or not it has RDMA. */
class RdmaSystemTest {
  private static RdmaSystem ask(Path sysfs) {
    try (FileDescriptors descriptors = new FileDescriptors()) {
      return RdmaSystem.ask(descriptors, sysfs);
    }
  }

  @Test
  void withoutAModuleTheKernelIsNotAsked(@TempDir Path sysfs) {
    assertThat(ask(sysfs)).isEqualTo(new RdmaSystem.Unknown("no RDMA module is loaded"));
    assertThat(ask(sysfs).mode()).isEqualTo(RdmaNamespaceMode.UNKNOWN);
  }

  @Test
  void aKernelWithoutRdmaNetlinkIsAnOutcome(@TempDir Path sysfs) throws IOException {
    Path _ = Files.createDirectories(sysfs.resolve("class/infiniband"));

    switch (ask(sysfs)) {
      case RdmaSystem.Known known ->
          assertThat(known.mode()).isNotEqualTo(RdmaNamespaceMode.UNKNOWN);
      case RdmaSystem.Unknown(String reason) ->
          assertThat(reason)
              .isEqualTo("netlink socket: EPROTONOSUPPORT (93): not supported by this kernel");
    }
  }
}
