package io.rdmagid.deviceplugin.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.rdmagid.deviceplugin.inventory.DeviceAttributes;
import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.inventory.RdmaNamespaceMode;
import io.rdmagid.deviceplugin.inventory.UnreadDevice;
import io.rdmagid.deviceplugin.netlink.HostLinks;
import io.rdmagid.deviceplugin.posix.Errno;
import io.rdmagid.deviceplugin.verbs.OpenDevice;
import io.rdmagid.deviceplugin.verbs.Reply;
import io.rdmagid.deviceplugin.verbs.SysfsTree;
import io.rdmagid.deviceplugin.verbs.Verbs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OneReadingTest {
  /** A node whose devices none can open. */
  private record ClosedVerbs(Reply<List<DeviceNode>> devices) implements Verbs {
    @Override
    public Reply<OpenDevice> open(DeviceNode device) {
      return new Reply.Refused<>("ibv_open_device", device.name(), Errno.EACCES.code());
    }

    @Override
    public OpenDevice.Description describeClosed(DeviceNode device) {
      return new OpenDevice.Description(DeviceAttributes.UNKNOWN, 0);
    }

    @Override
    public void close() {}
  }

  private static OneReading.Result read(Reply<List<Verbs.DeviceNode>> devices) {
    try (Verbs verbs = new ClosedVerbs(devices)) {
      return OneReading.read(verbs, new HostLinks.Reading.Read(Map.of()), RdmaNamespaceMode.SHARED);
    }
  }

  @Test
  void aDeviceThatDoesNotOpenIsToldOf() {
    OneReading.Result result =
        read(new Reply.Ok<>(List.of(new Verbs.DeviceNode("rxe0", "uverbs0"))));

    assertThat(result)
        .isEqualTo(
            new OneReading.Result.Read(
                new Inventory(
                    List.of(),
                    List.of(
                        UnreadDevice.refused(
                            "rxe0",
                            "ibv_open_device: EACCES (13): access denied; its device node keeps"
                                + " others out: run as root, or give the node mode 0666")),
                    RdmaNamespaceMode.SHARED),
                List.of(
                    "rxe0: ibv_open_device: EACCES (13): access denied; its device node keeps"
                        + " others out: run as root, or give the node mode 0666"),
                Map.of()));
  }

  /** As the kernel lists them in exclusive mode: node everywhere, device where it belongs. */
  @Test
  void devicesOfOtherNamespacesAreThereAndNotRead(@TempDir Path sysfs) throws IOException {
    for (String name : List.of("mlx5_0", "mlx5_1", "mlx5_2")) {
      new SysfsTree(sysfs, name).plug("uverbs" + name.charAt(5));
    }
    Files.createDirectories(sysfs.resolve("class/infiniband/mlx5_0"));
    Inventory own = new Inventory(List.of(), List.of(UnreadDevice.refused("mlx5_1", "EPERM")));

    assertThat(OneReading.withForeign(own.in(RdmaNamespaceMode.SHARED), sysfs))
        .isEqualTo(own.in(RdmaNamespaceMode.SHARED));
    Inventory inventory = OneReading.withForeign(own.in(RdmaNamespaceMode.EXCLUSIVE), sysfs);
    assertThat(inventory.unreadDevices())
        .extracting(UnreadDevice::name, UnreadDevice::cause)
        .containsExactly(
            tuple("mlx5_1", UnreadDevice.Cause.REFUSED),
            tuple("mlx5_2", UnreadDevice.Cause.OTHER_NAMESPACE));
    assertThat(inventory.refusals()).containsExactly("mlx5_1: EPERM");
    assertThat(inventory.foreign().orElseThrow()).endsWith(": mlx5_2");
    assertThat(inventory.ofThisNamespace()).isEqualTo(own.in(RdmaNamespaceMode.EXCLUSIVE));
    assertThat(own.foreign()).isEmpty();
  }

  @Test
  void withoutAListThereIsNoReading() {
    assertThat(read(new Reply.Refused<>("ibv_get_device_list", "", Errno.EPERM.code())))
        .isEqualTo(new OneReading.Result.Refused("ibv_get_device_list: EPERM (1): not permitted"));
  }
}
