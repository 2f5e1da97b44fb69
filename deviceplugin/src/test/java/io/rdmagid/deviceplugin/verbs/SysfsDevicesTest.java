package io.rdmagid.deviceplugin.verbs;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.deviceplugin.posix.AttributeFiles;
import io.rdmagid.deviceplugin.posix.Errno;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SysfsDevicesTest {
  @TempDir Path sysfs;

  private void device(String name, String uverbs) throws IOException {
    Files.createDirectories(sysfs.resolve("class/infiniband").resolve(name));
    Path verbs = Files.createDirectories(sysfs.resolve("class/infiniband_verbs").resolve(uverbs));
    Files.writeString(verbs.resolve("ibdev"), name + "\n");
  }

  private Reply<List<Verbs.DeviceNode>> nodes() {
    return new SysfsDevices(sysfs).nodes();
  }

  @Test
  void devicesHaveTheNameOfNow() throws IOException {
    device("mlx5_0", "uverbs0");
    Files.writeString(sysfs.resolve("class/infiniband_verbs/abi_version"), "6\n");
    assertThat(nodes())
        .isEqualTo(new Reply.Ok<>(List.of(new Verbs.DeviceNode("mlx5_0", "uverbs0"))));

    Files.delete(sysfs.resolve("class/infiniband/mlx5_0"));
    device("rocep1s0", "uverbs0");

    assertThat(nodes())
        .isEqualTo(new Reply.Ok<>(List.of(new Verbs.DeviceNode("rocep1s0", "uverbs0"))));
  }

  @Test
  void aDeviceOfAnotherNetworkNamespaceIsNotThere() throws IOException {
    device("mlx5_0", "uverbs0");
    Files.delete(sysfs.resolve("class/infiniband/mlx5_0"));

    assertThat(nodes()).isEqualTo(new Reply.Ok<>(List.of()));
  }

  @Test
  void noModuleMeansNoDevice() throws IOException {
    Files.createDirectory(sysfs.resolve("class"));

    assertThat(nodes()).isEqualTo(new Reply.Ok<>(List.of()));
  }

  @Test
  void anAttributeIsReadToTheEndOfItsPage() throws IOException {
    device("mlx5_0", "uverbs0");
    Path guid = sysfs.resolve("class/infiniband/mlx5_0/node_guid");
    Files.writeString(guid, "5254:00ff:fe00:0012\n");
    assertThat(nodeGuid()).isEqualTo("5254:00ff:fe00:0012");

    Files.writeString(guid, "x".repeat(AttributeFiles.PAGE + 1));
    assertThat(nodeGuid()).isEqualTo("x".repeat(AttributeFiles.PAGE));

    Files.delete(guid);
    Files.createSymbolicLink(guid, Path.of("/dev/zero"));
    assertThat(nodeGuid()).isEqualTo("\0".repeat(AttributeFiles.PAGE));
  }

  private String nodeGuid() {
    return new SysfsDevices(sysfs).device("mlx5_0").nodeGuid();
  }

  @Test
  void noSysfsMeansThatNobodyKnows() {
    assertThat(nodes())
        .isEqualTo(
            new Reply.Refused<>(
                "list of " + sysfs.resolve("class/infiniband_verbs"), "", Errno.ENOENT.code()));
  }
}
