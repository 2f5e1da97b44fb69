package io.rdmagid.deviceplugin.workload;

/**
 * How the agent names devices to the Container Device Interface: the kubelet edge puts the name
 * into its answer, the CDI edge into the spec that the runtime resolves when it makes the
 * container, so that a device that was unplugged and plugged again is the one of that moment.
 */
public final class CdiDevices {
  /** The kind, vendor and class, of all our devices. */
  public static final String KIND = "rdmagid.io/rdma";

  private CdiDevices() {}

  /** The qualified name of an RDMA device, {@code rdmagid.io/rdma=mlx5_0}. */
  public static String qualifiedName(String device) {
    return KIND + "=" + device;
  }
}
