package io.rdmagid.deviceplugin.command;

import io.rdmagid.deviceplugin.inventory.Device;
import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.inventory.Port;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.gid.GidSelection;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What was read from one source.
 *
 * @param source a recording's path as the user gave it, {@code kernel}, {@code agent}, or {@code
 *     netns} and the network namespace as the user gave it
 * @param environment the variables that a program sees there, as far as a recording tells
 */
record Reading(String source, Inventory inventory, Map<String, String> environment) {
  /** The source of what the node's agent has told. */
  static final String AGENT = "agent";

  /** Whether the node's agent has told it. */
  boolean isOfAgent() {
    return source.equals(AGENT);
  }

  /**
   * A port with its device.
   *
   * @param choice what rdmagid would use where there is no rule
   * @param elsewhere the indices of entries of network namespaces that are not the reader's
   */
  record DevicePort(Device device, Port port, GidSelection choice, Set<Integer> elsewhere) {
    static DevicePort of(Device device, Port port) {
      return new DevicePort(device, port, port.preferred(), port.elsewhere());
    }

    /** The index of the choice; empty where there is none. */
    OptionalInt preferred() {
      return choice instanceof GidSelection.Selected(GidEntry entry)
          ? OptionalInt.of(entry.index())
          : OptionalInt.empty();
    }

    boolean isPreferred(GidEntry entry) {
      return preferred().equals(OptionalInt.of(entry.index()));
    }

    boolean isElsewhere(GidEntry entry) {
      return elsewhere.contains(entry.index());
    }
  }

  /** All ports, by device and number. */
  List<DevicePort> ports() {
    return inventory.devices().stream()
        .flatMap(device -> device.ports().stream().map(port -> DevicePort.of(device, port)))
        .toList();
  }
}
