package io.rdmagid.deviceplugin.verbs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForeignDevicesTest {
  @TempDir Path sysfs;

  private void node(String uverbs, String name) throws IOException {
    Path node = Files.createDirectories(sysfs.resolve("class/infiniband_verbs").resolve(uverbs));
    Files.writeString(node.resolve("ibdev"), name + "\n");
  }

  @Test
  void deviceNodesWhoseDeviceIsNotShownAreForeign() throws IOException {
    Path _ = Files.createDirectories(sysfs.resolve("class/infiniband/mlx5_0"));
    node("uverbs0", "mlx5_0");
    node("uverbs1", "mlx5_3");
    node("uverbs2", "mlx5_1");
    Path _ = Files.writeString(sysfs.resolve("class/infiniband_verbs/abi_version"), "6\n");

    assertThat(ForeignDevices.names(sysfs)).containsExactly("mlx5_1", "mlx5_3");
  }

  @Test
  void withoutAModuleThereIsNone() {
    assertThat(ForeignDevices.names(sysfs)).isEmpty();
  }
}
