package io.rdmagid.deviceplugin.verbs;

import io.rdmagid.deviceplugin.posix.AttributeFiles;
import io.rdmagid.deviceplugin.posix.FileDescriptors;
import java.nio.file.Path;
import java.util.List;

/**
 * {@link Verbs} by files of sysfs that anybody may read. Nothing is opened: a device needs no
 * device node here, no privilege of the process and no provider library, can be removed at any
 * time, and sends no event.
 */
public final class SysfsVerbs implements Verbs {
  private final SysfsDevices devices;
  private final AttributeFiles files;
  private final SysfsTables tables;
  private final DefaultRoceModes roceModes;
  private final Path sysfs;

  /**
   * Reads nothing yet.
   *
   * @param descriptors of the same thread
   * @param sysfs where that of the own network namespace is mounted, usually /sys
   */
  public SysfsVerbs(FileDescriptors descriptors, Path sysfs) {
    this.sysfs = sysfs;
    this.devices = new SysfsDevices(sysfs);
    this.files = new AttributeFiles(descriptors);
    this.tables = new SysfsTables(sysfs, files);
    this.roceModes = new DefaultRoceModes(sysfs, files);
  }

  @Override
  public Reply<List<DeviceNode>> devices() {
    return devices.nodes();
  }

  /** Never refuses: whether the device is still there, its description tells. */
  @Override
  public Reply<OpenDevice> open(DeviceNode node) {
    return new Reply.Ok<>(new SysfsDevice(node, sysfs, devices, files, tables, roceModes));
  }

  @Override
  public OpenDevice.Description describeClosed(DeviceNode node) {
    return devices.describe(node.name());
  }

  @Override
  public void close() {}
}
