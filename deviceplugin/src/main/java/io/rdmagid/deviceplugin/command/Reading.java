package io.rdmagid.deviceplugin.command;

import io.rdmagid.deviceplugin.inventory.Device;
import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.inventory.Port;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.gid.GidSelection;
import io.rdmagid.gid.GidSelector;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What was read from one source.
 *
 * @param source a recording's path as the user gave it, or {@code kernel}
 * @param environment the variables that a program sees there, as far as a recording tells
 */
record Reading(String source, Inventory inventory, Map<String, String> environment) {
  /** A port with its device. */
  record DevicePort(Device device, Port port) {
    /** The entry that rdmagid would use where there is no rule. */
    Optional<GidEntry> preferred() {
      return GidSelector.select(port.gids()) instanceof GidSelection.Selected(GidEntry entry)
          ? Optional.of(entry)
          : Optional.empty();
    }

    /** Whether an entry belongs to a network namespace that is not the reader's. */
    boolean isElsewhere(GidEntry entry) {
      return port.podGids().contains(entry);
    }
  }

  /** All ports, by device and number. */
  List<DevicePort> ports() {
    return inventory.devices().stream()
        .flatMap(device -> device.ports().stream().map(port -> new DevicePort(device, port)))
        .toList();
  }
}
