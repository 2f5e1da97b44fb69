package io.rdmagid.deviceplugin.verbs;

import java.util.List;

/** The RDMA devices of a node. All calls come from the thread that made it. */
public interface Verbs extends AutoCloseable {
  /** What there is now, whether or not it can be opened; nothing where no module is loaded. */
  Reply<List<DeviceNode>> devices();

  /**
   * Opens a device. From here the kernel queues its asynchronous events for {@link
   * OpenDevice#drainEvents}.
   *
   * @param device one that {@link #devices} gave
   */
  Reply<OpenDevice> open(DeviceNode device);

  /**
   * What can be told of a device without opening it, from sysfs.
   *
   * @return with 0 ports where nobody can tell how many
   */
  OpenDevice.Description describeClosed(DeviceNode device);

  @Override
  void close();

  /**
   * A device and its node.
   *
   * @param name as the RDMA subsystem knows it now, such as {@code mlx5_0}; udev may change it
   * @param uverbs the device node's name under /dev/infiniband ("uverbs0"); reused after a hot-plug
   */
  record DeviceNode(String name, String uverbs) {}
}
