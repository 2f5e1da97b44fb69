package io.rdmagid.deviceplugin.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rdmagid.deviceplugin.command.Reading.DevicePort;
import io.rdmagid.gid.GidEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;

/** The entries of all readings that a question admits, whatever namespace they belong to. */
final class Matches {
  private Matches() {}

  /**
   * Prints them.
   *
   * @return how many there are
   */
  static int print(
      Source.Readings readings, BiPredicate<DevicePort, GidEntry> question, Printer printer) {
    int count = 0;
    for (Reading reading : readings.all()) {
      EntryTable table = new EntryTable(printer.isWide());
      List<ObjectNode> lines = new ArrayList<>();
      for (DevicePort port : reading.ports()) {
        for (GidEntry entry : port.port().table()) {
          if (question.test(port, entry)) {
            table.add(port, entry);
            lines.add(PortJson.of(reading, port, entry));
          }
        }
      }
      count += lines.size();
      if (!printer.isText()) {
        ObjectNode document = JsonNodeFactory.instance.objectNode().put("source", reading.source());
        ArrayNode entries = document.putArray("entries");
        lines.forEach(line -> entries.add(line.deepCopy().without("source")));
        printer.data(document, lines);
      } else if (!table.isEmpty()) {
        printer.text(readings.areSeveral() ? List.of(reading.source() + ":") : List.of());
        printer.text(table.lines());
      }
    }
    return count;
  }
}
