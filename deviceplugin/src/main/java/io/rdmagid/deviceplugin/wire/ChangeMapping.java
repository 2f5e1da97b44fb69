package io.rdmagid.deviceplugin.wire;

import io.rdmagid.deviceplugin.inventory.InventoryChange;
import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidType;
import io.rdmagid.proto.gidtable.AttributesChanged;
import io.rdmagid.proto.gidtable.Change;
import io.rdmagid.proto.gidtable.DeviceAdded;
import io.rdmagid.proto.gidtable.DeviceRemoved;
import io.rdmagid.proto.gidtable.DeviceUnread;
import io.rdmagid.proto.gidtable.EntryAdded;
import io.rdmagid.proto.gidtable.EntryIdentity;
import io.rdmagid.proto.gidtable.EntryMoved;
import io.rdmagid.proto.gidtable.EntryRemoved;

/**
 * What happened, as messages of {@code gidtable.proto}. There is no way back: our own clients take
 * the difference of two inventories, as everybody here does.
 */
public final class ChangeMapping {
  private ChangeMapping() {}

  /** One change. */
  public static Change change(InventoryChange change) {
    return switch (change) {
      case InventoryChange.DeviceAdded(String device) ->
          of(device).setDeviceAdded(DeviceAdded.getDefaultInstance()).build();
      case InventoryChange.DeviceRemoved(String device) ->
          of(device).setDeviceRemoved(DeviceRemoved.getDefaultInstance()).build();
      case InventoryChange.DeviceUnread(String device, String reason) ->
          of(device).setDeviceUnread(DeviceUnread.newBuilder().setReason(reason)).build();
      case InventoryChange.AttributesChanged(
              String device,
              int port,
              String before,
              String after) ->
          of(device)
              .setPort(port)
              .setAttributesChanged(
                  AttributesChanged.newBuilder().setBefore(before).setAfter(after))
              .build();
      case InventoryChange.EntryAdded(
              String device,
              int port,
              Gid gid,
              GidType type,
              int ifindex,
              int index,
              boolean elsewhere) ->
          of(device)
              .setPort(port)
              .setEntryAdded(
                  EntryAdded.newBuilder()
                      .setEntry(identity(gid, type, ifindex, elsewhere))
                      .setIndex(index))
              .build();
      case InventoryChange.EntryRemoved(
              String device,
              int port,
              Gid gid,
              GidType type,
              int ifindex,
              int index,
              boolean elsewhere) ->
          of(device)
              .setPort(port)
              .setEntryRemoved(
                  EntryRemoved.newBuilder()
                      .setEntry(identity(gid, type, ifindex, elsewhere))
                      .setIndex(index))
              .build();
      case InventoryChange.EntryMoved(
              String device,
              int port,
              Gid gid,
              GidType type,
              int ifindex,
              int from,
              int to,
              boolean elsewhere) ->
          of(device)
              .setPort(port)
              .setEntryMoved(
                  EntryMoved.newBuilder()
                      .setEntry(identity(gid, type, ifindex, elsewhere))
                      .setFrom(from)
                      .setTo(to))
              .build();
    };
  }

  private static Change.Builder of(String device) {
    return Change.newBuilder().setDevice(device);
  }

  private static EntryIdentity identity(Gid gid, GidType type, int ifindex, boolean elsewhere) {
    return EntryIdentity.newBuilder()
        .setGid(TableMapping.gid(gid))
        .setType(TableMapping.type(type))
        .setIfindex(ifindex)
        .setOtherNamespace(elsewhere)
        .build();
  }
}
