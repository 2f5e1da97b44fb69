package io.rdmagid.deviceplugin.command;

import io.rdmagid.deviceplugin.command.Reading.DevicePort;
import io.rdmagid.deviceplugin.inventory.DeviceAttributes;
import io.rdmagid.deviceplugin.inventory.PortAttributes;
import io.rdmagid.deviceplugin.inventory.UnreadDevice;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.gid.GidType;
import io.rdmagid.terminal.TextTable;
import io.rdmagid.terminal.Tone;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Entries as a table, a line each, with their port. */
final class EntryTable {
  private final boolean wide;
  private final TextTable table;

  EntryTable(boolean wide) {
    this.wide = wide;
    List<String> header =
        new ArrayList<>(
            List.of("DEVICE", "PORT", "NETDEV", "STATE", "INDEX", "TYPE", TextTable.ADDRESS));
    if (wide) {
      header.addAll(List.of("IFINDEX", "RATE", "MTU", "NUMA", "PCI", "RDMACM", "READ"));
    }
    header.add("PREFERRED");
    table = new TextTable(header.toArray(String[]::new));
  }

  /** A port that has no entry. */
  void add(DevicePort port) {
    add(port, Optional.empty());
  }

  void add(DevicePort port, GidEntry entry) {
    add(port, Optional.of(entry));
  }

  /** A device that cannot be read. */
  void add(UnreadDevice device) {
    List<String> row = new ArrayList<>(List.of(device.name(), "", "", "unread", "", "", ""));
    if (wide) {
      DeviceAttributes attributes = device.attributes();
      row.addAll(List.of("", "", "", numaNode(attributes), attributes.pciAddress(), "", ""));
    }
    row.add("");
    table.add(Tone.BAD, row.toArray(String[]::new));
  }

  boolean isEmpty() {
    return table.isEmpty();
  }

  List<String> lines(boolean colours) {
    return table.lines(colours);
  }

  private void add(DevicePort port, Optional<GidEntry> entry) {
    PortAttributes attributes = port.port().attributes();
    List<String> row = new ArrayList<>();
    row.add(port.device().name());
    row.add(Integer.toString(port.port().number()));
    row.add(entry.map(GidEntry::netdev).orElse(port.port().netdev()));
    row.add(attributes.state());
    row.add(entry.map(e -> Integer.toString(e.index())).orElse(""));
    row.add(entry.map(e -> e.type().text()).orElse(""));
    row.add(entry.map(e -> e.gid().address()).orElse(""));
    if (wide) {
      DeviceAttributes device = port.device().attributes();
      row.add(entry.map(e -> positive(e.ifindex())).orElse(""));
      row.add(attributes.rateGbps() > 0 ? Math.round(attributes.rateGbps()) + "G" : "");
      row.add(positive(attributes.mtu()));
      row.add(numaNode(device));
      row.add(device.pciAddress());
      row.add(attributes.defaultRoceType().map(GidType::text).orElse(""));
      row.add(port.device().readBy().text());
    }
    boolean preferred = entry.filter(port::isPreferred).isPresent();
    boolean elsewhere = entry.filter(port::isElsewhere).isPresent();
    row.add(preferred ? "*" : elsewhere ? "(pod)" : "");
    table.add(tone(attributes, preferred, elsewhere), row.toArray(String[]::new));
  }

  private static Tone tone(PortAttributes attributes, boolean preferred, boolean elsewhere) {
    if (!attributes.state().equals(PortAttributes.ACTIVE)) {
      return Tone.BAD;
    }
    return preferred ? Tone.GOOD : elsewhere ? Tone.FAINT : Tone.PLAIN;
  }

  private static String numaNode(DeviceAttributes device) {
    return device.numaNode() < 0 ? "" : Integer.toString(device.numaNode());
  }

  private static String positive(int number) {
    return number > 0 ? Integer.toString(number) : "";
  }
}
