package io.rdmagid.deviceplugin.verbs;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.deviceplugin.posix.AttributeFiles;
import io.rdmagid.deviceplugin.posix.FileDescriptors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DefaultRoceModesTest {
  private final FileDescriptors descriptors = new FileDescriptors();
  @TempDir Path sysfs;

  @AfterEach
  void close() {
    descriptors.close();
  }

  private String mode(int port) {
    return new DefaultRoceModes(sysfs, new AttributeFiles(descriptors)).of("mlx5_0", port);
  }

  @ParameterizedTest
  @CsvSource({"RoCE v2, RoCE v2", "IB/RoCE v1, RoCE v1", "RoCE v3, ''"})
  void theModeIsReadWhereSomebodyMadeTheFolder(String kernel, String mode) throws IOException {
    Path port = Files.createDirectories(sysfs.resolve("kernel/config/rdma_cm/mlx5_0/ports/2"));
    Files.writeString(port.resolve("default_roce_mode"), kernel + "\n");

    assertThat(mode(2)).isEqualTo(mode);
    assertThat(mode(1)).isEmpty();
  }

  @Test
  void aModeThatTheKernelDoesNotTellIsNotKnown() throws IOException {
    Path port = Files.createDirectories(sysfs.resolve("kernel/config/rdma_cm/mlx5_0/ports/1"));
    Files.createSymbolicLink(port.resolve("default_roce_mode"), SysfsTree.EINVAL);

    assertThat(mode(1)).isEmpty();
  }

  /** Making a device's folder changes what rdma_cm does for it. */
  @Test
  void noFolderIsEverMade() throws IOException {
    Path devices = Files.createDirectories(sysfs.resolve("kernel/config/rdma_cm"));

    assertThat(mode(1)).isEmpty();

    try (Stream<Path> made = Files.list(devices)) {
      assertThat(made).isEmpty();
    }
  }
}
