package io.rdmagid.deviceplugin.command;

import io.rdmagid.deviceplugin.command.Reading.DevicePort;
import io.rdmagid.gid.GidEntry;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine;

/** {@code rdmagid show}: the GID tables as they are now. */
@CommandLine.Command(
    name = "show",
    description = "Shows the GID tables of this node's RDMA ports, or of a recording.",
    footer =
        "The entry marked * is the one that rdmagid would use. -o wide shows those of pods, too.",
    sortOptions = false)
final class ShowCommand implements Callable<Integer> {
  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @CommandLine.Mixin private Source source = new Source();
  @CommandLine.Mixin private Printer printer = new Printer();

  @CommandLine.Option(names = "--help", usageHelp = true, description = "Print this.")
  boolean help;

  @Override
  public Integer call() {
    Source.Readings readings = source.read();
    AtomicInteger ports = new AtomicInteger();
    AtomicInteger pods = new AtomicInteger();
    readings.each(reading -> {
      print(reading, readings.areSeveral());
      ports.addAndGet(reading.ports().size());
      pods.addAndGet(reading.ports().stream().mapToInt(at -> at.port().podGidCount()).sum());
    });
    int code = source.end(readings, ports.get() > 0, Source.NO_PORT);
    if (code == ExitCode.FOUND) {
      tellOfPods(pods.get());
    }
    return code;
  }

  private void print(Reading reading, boolean named) {
    if (printer.isText()) {
      EntryTable table = new EntryTable(printer.isWide());
      for (DevicePort port : reading.ports()) {
        List<GidEntry> entries = printer.isWide() ? port.port().table() : port.port().gids();
        entries.forEach(entry -> table.add(port, entry));
        if (entries.isEmpty()) {
          table.add(port);
        }
      }
      if (!table.isEmpty()) {
        printer.text(named ? List.of(reading.source() + ":") : List.of());
        printer.text(table.lines());
      }
    } else {
      printer.data(
          PortJson.of(reading),
          reading.ports().stream()
              .flatMap(port ->
                  port.port().table().stream().map(entry -> PortJson.of(reading, port, entry)))
              .toList());
    }
  }

  /** A table with gaps would puzzle who compares it with other tools, which show all namespaces. */
  private void tellOfPods(int pods) {
    if (pods > 0 && printer.format() == Format.TABLE) {
      spec.commandLine()
          .getErr()
          .println("Not shown: " + pods + " of other network namespaces (pods).");
    }
  }
}
