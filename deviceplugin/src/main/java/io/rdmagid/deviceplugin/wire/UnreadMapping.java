package io.rdmagid.deviceplugin.wire;

import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.inventory.UnreadDevice;
import io.rdmagid.proto.gidtable.RdmaDevice;
import io.rdmagid.proto.gidtable.RdmaPort;
import io.rdmagid.proto.gidtable.UnreadCause;
import java.util.List;

/** Devices that cannot be read, as messages of {@code gidtable.proto}, and back. */
public final class UnreadMapping {
  private UnreadMapping() {}

  /** Those of an inventory. */
  static List<io.rdmagid.proto.gidtable.UnreadDevice> messages(Inventory inventory) {
    return inventory.unreadDevices().stream().map(UnreadMapping::message).toList();
  }

  /** One of them. */
  public static io.rdmagid.proto.gidtable.UnreadDevice message(UnreadDevice device) {
    RdmaDevice.Builder description = TableMapping.describe(device.name(), device.attributes());
    device.ports().forEach(port -> description.addPorts(RdmaPort.newBuilder().setNumber(port)));
    return io.rdmagid.proto.gidtable.UnreadDevice.newBuilder()
        .setName(device.name())
        .setReason(device.reason())
        .setCause(cause(device.cause()))
        .setDescription(description)
        .build();
  }

  /** The same back; a cause that is not known counts as a refusal. */
  static List<UnreadDevice> devices(List<io.rdmagid.proto.gidtable.UnreadDevice> messages) {
    return messages.stream().map(UnreadMapping::device).toList();
  }

  private static UnreadDevice device(io.rdmagid.proto.gidtable.UnreadDevice message) {
    return new UnreadDevice(
        message.getName(),
        cause(message.getCause()),
        message.getReason(),
        TableMapping.attributes(message.getDescription()),
        message.getDescription().getPortsList().stream().map(RdmaPort::getNumber).toList());
  }

  private static UnreadCause cause(UnreadDevice.Cause cause) {
    return switch (cause) {
      case REFUSED -> UnreadCause.UNREAD_CAUSE_REFUSED;
      case NO_PROVIDER -> UnreadCause.UNREAD_CAUSE_NO_PROVIDER;
      case OTHER_NAMESPACE -> UnreadCause.UNREAD_CAUSE_OTHER_NAMESPACE;
    };
  }

  private static UnreadDevice.Cause cause(UnreadCause cause) {
    return switch (cause) {
      case UNREAD_CAUSE_NO_PROVIDER -> UnreadDevice.Cause.NO_PROVIDER;
      case UNREAD_CAUSE_OTHER_NAMESPACE -> UnreadDevice.Cause.OTHER_NAMESPACE;
      case UNREAD_CAUSE_REFUSED, UNREAD_CAUSE_UNSPECIFIED, UNRECOGNIZED ->
          UnreadDevice.Cause.REFUSED;
    };
  }
}
