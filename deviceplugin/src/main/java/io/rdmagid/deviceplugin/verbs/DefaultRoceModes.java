package io.rdmagid.deviceplugin.verbs;

import io.rdmagid.deviceplugin.posix.AttributeFiles;
import io.rdmagid.deviceplugin.posix.AttributeFiles.Attribute;
import io.rdmagid.gid.GidType;
import java.nio.file.Path;

/**
 * Which type rdma_cm takes by default, as configfs tells it ({@code
 * rdma_cm/DEVICE/ports/PORT/default_roce_mode}, drivers/infiniband/core/cma_configfs.c of the
 * kernel). It shows a device only after somebody made its folder, which is a change of the system:
 * nothing here makes one.
 */
final class DefaultRoceModes {
  private final Path devices;
  private final AttributeFiles files;

  /**
   * Reads nothing yet.
   *
   * @param sysfs where sysfs is mounted, usually /sys: configfs is mounted in it
   */
  DefaultRoceModes(Path sysfs, AttributeFiles files) {
    this.devices = sysfs.resolve("kernel/config/rdma_cm");
    this.files = files;
  }

  /** {@code RoCE v2} or {@code RoCE v1}; empty where configfs does not tell. */
  String of(String device, int port) {
    Path file = devices.resolve(device).resolve("ports/" + port + "/default_roce_mode");
    return files.read(file) instanceof Attribute.Text(String text)
        ? GidType.fromSysfsText(text).map(GidType::kernelText).orElse("")
        : "";
  }
}
