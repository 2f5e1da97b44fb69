package io.rdmagid.deviceplugin.inventory;

/**
 * What a device is. Texts are empty where a fact is not known or does not apply (software RoCE has
 * no PCI function).
 *
 * @param driver the kernel module, such as {@code mlx5_core}
 * @param vendorId four hexadecimal digits
 * @param deviceId four hexadecimal digits
 * @param firmware as the device writes it
 * @param nodeGuid as sysfs writes it, {@code 0c42:a103:0065:1f2a}
 * @param pciAddress {@code 0000:19:00.0}
 * @param pfName of a virtual function the netdev of its physical function, where this is in the
 *     network namespace that the reader stands in
 * @param vfIndex the index of a virtual function among those of its physical function, or -1
 * @param numaNode the NUMA node, or -1
 */
public record DeviceAttributes(
    String driver,
    String vendorId,
    String deviceId,
    String firmware,
    String nodeGuid,
    String pciAddress,
    String pfName,
    int vfIndex,
    int numaNode) {
  /** Nothing is known. */
  public static final DeviceAttributes UNKNOWN = new DeviceAttributes("", "", "", "", "", "", -1);

  /** A device that is no virtual function. */
  public DeviceAttributes(
      String driver,
      String vendorId,
      String deviceId,
      String firmware,
      String nodeGuid,
      String pciAddress,
      int numaNode) {
    this(driver, vendorId, deviceId, firmware, nodeGuid, pciAddress, "", -1, numaNode);
  }
}
