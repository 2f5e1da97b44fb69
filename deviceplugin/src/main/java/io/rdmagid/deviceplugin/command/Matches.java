package io.rdmagid.deviceplugin.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rdmagid.deviceplugin.command.Reading.DevicePort;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.terminal.Printer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/** The entries of all readings that a question admits, whatever namespace they belong to. */
final class Matches {
  private Matches() {}

  /**
   * Prints them.
   *
   * @param ports asked of each port, and whether its entries are asked for
   * @return how many there are
   */
  static int print(
      Source.Readings readings,
      Predicate<DevicePort> ports,
      BiPredicate<DevicePort, GidEntry> question,
      Printer printer) {
    AtomicInteger count = new AtomicInteger();
    readings.each(reading -> {
      EntryTable table = new EntryTable(printer.isWide());
      List<ObjectNode> lines = new ArrayList<>();
      for (DevicePort port : reading.ports().stream().filter(ports).toList()) {
        for (GidEntry entry : port.port().table()) {
          if (question.test(port, entry)) {
            table.add(port, entry);
            lines.add(PortJson.of(reading, port, entry));
          }
        }
      }
      count.addAndGet(lines.size());
      if (!printer.isText()) {
        ObjectNode document = JsonNodeFactory.instance.objectNode().put("source", reading.source());
        ArrayNode entries = document.putArray("entries");
        lines.forEach(line -> entries.add(line.deepCopy().without("source")));
        printer.data(document, lines);
      } else if (!table.isEmpty()) {
        printer.text(readings.areSeveral() ? List.of(reading.source() + ":") : List.of());
        printer.text(table.lines(printer.colours()));
      }
    });
    return count.get();
  }
}
