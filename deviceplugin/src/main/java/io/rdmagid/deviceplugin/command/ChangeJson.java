package io.rdmagid.deviceplugin.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rdmagid.deviceplugin.inventory.InventoryChange;
import io.rdmagid.deviceplugin.inventory.InventoryChange.AttributesChanged;
import io.rdmagid.deviceplugin.inventory.InventoryChange.DeviceAdded;
import io.rdmagid.deviceplugin.inventory.InventoryChange.DeviceRemoved;
import io.rdmagid.deviceplugin.inventory.InventoryChange.DeviceUnread;
import io.rdmagid.deviceplugin.inventory.InventoryChange.Entry;
import io.rdmagid.deviceplugin.inventory.InventoryChange.EntryAdded;
import io.rdmagid.deviceplugin.inventory.InventoryChange.EntryMoved;
import io.rdmagid.deviceplugin.inventory.InventoryChange.EntryRemoved;

/** A change as JSON for scripts. */
final class ChangeJson {
  private ChangeJson() {}

  static ObjectNode of(InventoryChange change) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    return switch (change) {
      case DeviceAdded(String device) -> json.put("change", "DeviceAdded").put("device", device);
      case DeviceRemoved(String device) ->
          json.put("change", "DeviceRemoved").put("device", device);
      case DeviceUnread(String device, String reason) ->
          json.put("change", "DeviceUnread").put("device", device).put("reason", reason);
      case AttributesChanged(String device, int port, String before, String after) -> {
        json.put("change", "AttributesChanged").put("device", device);
        if (port != AttributesChanged.DEVICE) {
          json.put("port", port);
        }
        yield json.put("before", before).put("after", after);
      }
      case EntryAdded(Entry entry, int index) ->
          put(json.put("change", "EntryAdded"), entry).put("index", index);
      case EntryRemoved(Entry entry, int index) ->
          put(json.put("change", "EntryRemoved"), entry).put("index", index);
      case EntryMoved(Entry entry, int from, int to) ->
          put(json.put("change", "EntryMoved"), entry).put("from", from).put("to", to);
    };
  }

  private static ObjectNode put(ObjectNode json, Entry entry) {
    json.put("device", entry.device()).put("port", entry.port());
    return PortJson.putGid(json, entry.gid(), entry.type())
        .put("ifindex", entry.ifindex())
        .put("otherNamespace", entry.otherNamespace());
  }
}
