package io.rdmagid.deviceplugin.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rdmagid.deviceplugin.inventory.InventoryChange;
import io.rdmagid.deviceplugin.inventory.InventoryChange.AttributesChanged;
import io.rdmagid.deviceplugin.inventory.InventoryChange.DeviceAdded;
import io.rdmagid.deviceplugin.inventory.InventoryChange.DeviceRemoved;
import io.rdmagid.deviceplugin.inventory.InventoryChange.DeviceUnread;
import io.rdmagid.deviceplugin.inventory.InventoryChange.EntryAdded;
import io.rdmagid.deviceplugin.inventory.InventoryChange.EntryMoved;
import io.rdmagid.deviceplugin.inventory.InventoryChange.EntryRemoved;
import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidType;

/** A change as JSON for scripts. */
final class ChangeJson {
  private ChangeJson() {}

  static ObjectNode of(InventoryChange change) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    return switch (change) {
      case DeviceAdded(String device) -> json.put("change", "DeviceAdded").put("device", device);
      case DeviceRemoved(String device) ->
          json.put("change", "DeviceRemoved").put("device", device);
      case DeviceUnread(String device) -> json.put("change", "DeviceUnread").put("device", device);
      case AttributesChanged(String device, int port, String before, String after) -> {
        json.put("change", "AttributesChanged").put("device", device);
        if (port != AttributesChanged.DEVICE) {
          json.put("port", port);
        }
        yield json.put("before", before).put("after", after);
      }
      case EntryAdded(String device, int port, Gid gid, GidType type, int ifindex, int index) ->
          entry(json, "EntryAdded", device, port, gid, type, ifindex).put("index", index);
      case EntryRemoved(String device, int port, Gid gid, GidType type, int ifindex, int index) ->
          entry(json, "EntryRemoved", device, port, gid, type, ifindex).put("index", index);
      case EntryMoved(
              String device,
              int port,
              Gid gid,
              GidType type,
              int ifindex,
              int from,
              int to) ->
          entry(json, "EntryMoved", device, port, gid, type, ifindex)
              .put("from", from)
              .put("to", to);
    };
  }

  private static ObjectNode entry(
      ObjectNode json, String change, String device, int port, Gid gid, GidType type, int ifindex) {
    return json.put("change", change)
        .put("device", device)
        .put("port", port)
        .put("gid", gid.toString())
        .put("address", gid.address())
        .put("type", type.text())
        .put("ifindex", ifindex);
  }
}
