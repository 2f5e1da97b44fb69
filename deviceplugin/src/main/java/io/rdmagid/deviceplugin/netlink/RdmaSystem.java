package io.rdmagid.deviceplugin.netlink;

import io.rdmagid.deviceplugin.inventory.RdmaNamespaceMode;
import io.rdmagid.deviceplugin.posix.FileDescriptors;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the kernel's RDMA subsystem says of itself by netlink. */
public sealed interface RdmaSystem {
  /**
   * It said so.
   *
   * @param monitored whether it tells of devices that come and go
   */
  record Known(RdmaNamespaceMode mode, boolean monitored) implements RdmaSystem {}

  /**
   * It cannot be asked.
   *
   * @param reason for people, without a full stop
   */
  record Unknown(String reason) implements RdmaSystem {}

  /** The mode, {@link RdmaNamespaceMode#UNKNOWN} where it cannot be asked. */
  default RdmaNamespaceMode mode() {
    return switch (this) {
      case Known known -> known.mode;
      case Unknown _ -> RdmaNamespaceMode.UNKNOWN;
    };
  }

  /**
   * Asks, by a socket that is closed again. Where no RDMA module is loaded it does not: the socket
   * alone would load one.
   *
   * @param descriptors of the calling thread
   * @param sysfs where sysfs is mounted, usually /sys
   */
  static RdmaSystem ask(FileDescriptors descriptors, Path sysfs) {
    if (!Files.exists(sysfs.resolve("class/infiniband"))) {
      return new Unknown("no RDMA module is loaded");
    }
    try (NetlinkSocket socket = NetlinkSocket.open(descriptors, NetlinkSocket.RDMA)) {
      return RdmaMessages.system(
              socket.ask("RDMA_NLDEV_CMD_SYS_GET", RdmaMessages.SYS_GET, new byte[0]))
          .<RdmaSystem>map(known -> known)
          .orElseGet(() -> new Unknown("RDMA_NLDEV_CMD_SYS_GET got another answer"));
    } catch (NetlinkException e) {
      return new Unknown(String.valueOf(e.getMessage()));
    }
  }
}
