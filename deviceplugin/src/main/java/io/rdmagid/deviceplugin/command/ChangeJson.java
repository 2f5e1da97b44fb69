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
      case DeviceUnread(String device, String reason) ->
          json.put("change", "DeviceUnread").put("device", device).put("reason", reason);
      case AttributesChanged(String device, int port, String before, String after) -> {
        json.put("change", "AttributesChanged").put("device", device);
        if (port != AttributesChanged.DEVICE) {
          json.put("port", port);
        }
        yield json.put("before", before).put("after", after);
      }
      case EntryAdded added ->
          entry(
                  json.put("change", "EntryAdded"),
                  added.device(),
                  added.port(),
                  added.gid(),
                  added.type(),
                  added.ifindex(),
                  added.otherNamespace())
              .put("index", added.index());
      case EntryRemoved removed ->
          entry(
                  json.put("change", "EntryRemoved"),
                  removed.device(),
                  removed.port(),
                  removed.gid(),
                  removed.type(),
                  removed.ifindex(),
                  removed.otherNamespace())
              .put("index", removed.index());
      case EntryMoved moved ->
          entry(
                  json.put("change", "EntryMoved"),
                  moved.device(),
                  moved.port(),
                  moved.gid(),
                  moved.type(),
                  moved.ifindex(),
                  moved.otherNamespace())
              .put("from", moved.from())
              .put("to", moved.to());
    };
  }

  private static ObjectNode entry(
      ObjectNode json,
      String device,
      int port,
      Gid gid,
      GidType type,
      int ifindex,
      boolean otherNamespace) {
    return PortJson.putGid(json.put("device", device).put("port", port), gid, type)
        .put("ifindex", ifindex)
        .put("otherNamespace", otherNamespace);
  }
}
