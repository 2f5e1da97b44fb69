package io.rdmagid.deviceplugin.wire;

import io.rdmagid.deviceplugin.inventory.InventoryChange;
import io.rdmagid.deviceplugin.inventory.InventoryChange.Entry;
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
      case InventoryChange.EntryAdded(Entry entry, int index) ->
          of(entry)
              .setEntryAdded(EntryAdded.newBuilder().setEntry(identity(entry)).setIndex(index))
              .build();
      case InventoryChange.EntryRemoved(Entry entry, int index) ->
          of(entry)
              .setEntryRemoved(EntryRemoved.newBuilder().setEntry(identity(entry)).setIndex(index))
              .build();
      case InventoryChange.EntryMoved(Entry entry, int from, int to) ->
          of(entry)
              .setEntryMoved(
                  EntryMoved.newBuilder().setEntry(identity(entry)).setFrom(from).setTo(to))
              .build();
    };
  }

  private static Change.Builder of(String device) {
    return Change.newBuilder().setDevice(device);
  }

  private static Change.Builder of(Entry entry) {
    return of(entry.device()).setPort(entry.port());
  }

  private static EntryIdentity identity(Entry entry) {
    return EntryIdentity.newBuilder()
        .setGid(TableMapping.gid(entry.gid()))
        .setType(TableMapping.type(entry.type()))
        .setIfindex(entry.ifindex())
        .setOtherNamespace(entry.otherNamespace())
        .build();
  }
}
