package io.rdmagid.deviceplugin.command;

import io.rdmagid.deviceplugin.inventory.Device;
import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.inventory.Port;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.gid.GidSelection;
import io.rdmagid.gid.GidSelector;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** An inventory as aligned text, a line an entry. */
final class GidTable {
  private static final List<String> HEADER =
      List.of("DEVICE", "PORT", "NETDEV", "STATE", "INDEX", "TYPE", "GID/ADDRESS", "PREFERRED");
  private static final String GAP = "  ";
  private static final String NONE = "-";
  private static final int ADDRESS_COLUMN = 6;

  /**
   * Longer addresses push what follows aside, so that one IPv6 address does not make every line too
   * wide for a terminal.
   */
  private static final int ADDRESS_WIDTH = "255.255.255.255".length();

  private GidTable() {}

  /** The header, then the entries of each port; a port without entries has one line. */
  static List<String> lines(Inventory inventory) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(HEADER);
    for (Device device : inventory.devices()) {
      for (Port port : device.ports()) {
        rows.addAll(rows(device, port));
      }
    }
    int[] widths = widths(rows);
    return rows.stream().map(row -> line(row, widths)).toList();
  }

  private static List<List<String>> rows(Device device, Port port) {
    if (port.gids().isEmpty()) {
      return List.of(row(device, port, port.netdev(), List.of(NONE, NONE, NONE, "")));
    }
    GidSelection selection = GidSelector.select(port.gids());
    List<List<String>> rows = new ArrayList<>();
    for (GidEntry entry : port.gids()) {
      boolean preferred = selection.equals(new GidSelection.Selected(entry));
      rows.add(
          row(
              device,
              port,
              entry.netdev(),
              List.of(
                  Integer.toString(entry.index()),
                  entry.type().text(),
                  entry.gid().address(),
                  preferred ? "*" : "")));
    }
    return rows;
  }

  private static List<String> row(Device device, Port port, String netdev, List<String> entry) {
    List<String> row = new ArrayList<>();
    row.add(device.name());
    row.add(Integer.toString(port.number()));
    row.add(netdev.isEmpty() ? NONE : netdev);
    row.add(port.attributes().state());
    row.addAll(entry);
    return Collections.unmodifiableList(row);
  }

  private static int[] widths(List<List<String>> rows) {
    int[] widths = new int[HEADER.size()];
    for (List<String> row : rows) {
      for (int column = 0; column < widths.length; column++) {
        widths[column] = Math.max(widths[column], row.get(column).length());
      }
    }
    widths[ADDRESS_COLUMN] = Math.min(widths[ADDRESS_COLUMN], ADDRESS_WIDTH);
    return widths;
  }

  private static String line(List<String> row, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < widths.length; column++) {
      String text = row.get(column);
      line.append(text).repeat(' ', Math.max(0, widths[column] - text.length())).append(GAP);
    }
    return line.toString().stripTrailing();
  }
}
