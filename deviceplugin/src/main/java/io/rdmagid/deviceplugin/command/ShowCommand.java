package io.rdmagid.deviceplugin.command;

import io.rdmagid.deviceplugin.command.Reading.DevicePort;
import io.rdmagid.deviceplugin.inventory.Device;
import io.rdmagid.deviceplugin.inventory.Port;
import io.rdmagid.deviceplugin.inventory.RdmaNamespaceMode;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.terminal.ExitCode;
import io.rdmagid.terminal.Format;
import io.rdmagid.terminal.Printer;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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

  @CommandLine.Option(
      names = "--netns",
      paramLabel = "PID|PATH",
      converter = NamespaceFile.Converter.class,
      description = "The tables as a program in this network namespace can use them.")
  private @Nullable NamespaceFile namespace;

  @CommandLine.Mixin private Source source = new Source();
  @CommandLine.Mixin private Printer printer = new Printer();

  @CommandLine.Option(names = "--help", usageHelp = true, description = "Print this.")
  boolean help;

  @Override
  public Integer call() {
    Source.Readings readings = source.read(namespace);
    Shown shown = new Shown();
    readings.each(reading -> {
      print(reading, readings.areSeveral());
      shown.add(reading);
    });
    int code = source.end(readings, shown.ports > 0, Source.NO_PORT);
    if (code == ExitCode.FOUND) {
      tellOfOthers(shown.others);
      tellOfAgent(shown.ofAgent);
    }
    return code;
  }

  /** What there was in all readings, of which a folder's are not all held. */
  private static final class Shown {
    private int ports;
    private int others;
    private boolean ofAgent;

    void add(Reading reading) {
      for (Device device : reading.inventory().devices()) {
        ports += device.ports().size();
        others += device.ports().stream().mapToInt(Port::podGidCount).sum();
      }
      ofAgent |= reading.isOfAgent();
    }
  }

  private void print(Reading reading, boolean named) {
    if (printer.isText()) {
      EntryTable table = new EntryTable(printer.isWide());
      for (DevicePort port : reading.ports()) {
        boolean all = printer.isWide() && namespace == null;
        List<GidEntry> entries = all ? port.port().table() : port.port().gids();
        entries.forEach(entry -> table.add(port, entry));
        if (entries.isEmpty()) {
          table.add(port);
        }
      }
      reading.inventory().unreadDevices().forEach(table::add);
      if (!table.isEmpty()) {
        printer.text(named ? List.of(reading.source() + ":") : List.of());
        printer.text(table.lines(printer.colours()));
      }
      tellOfMode(reading.inventory().namespaceMode());
    } else {
      printer.data(
          PortJson.of(reading),
          reading.ports().stream()
              .flatMap(port ->
                  port.port().table().stream().map(entry -> PortJson.of(reading, port, entry)))
              .toList());
    }
  }

  private void tellOfMode(RdmaNamespaceMode mode) {
    if (printer.isWide() && mode != RdmaNamespaceMode.UNKNOWN) {
      spec.commandLine().getErr().println("RDMA namespace mode: " + mode.text() + ".");
    }
  }

  /** A table with gaps would puzzle who compares it with other tools, which show all namespaces. */
  private void tellOfOthers(int others) {
    if (others > 0
        && (printer.format() == Format.TABLE || (printer.isWide() && namespace != null))) {
      spec.commandLine()
          .getErr()
          .println(
              "Not shown: "
                  + others
                  + " of other network namespaces"
                  + (namespace == null ? " (pods)." : "."));
    }
  }

  /** The agent's tables are as fresh as the kernel's events; who doubts that can look himself. */
  private void tellOfAgent(boolean ofAgent) {
    if (printer.isWide() && ofAgent) {
      spec.commandLine().getErr().println("Told by the agent; --agent none reads the kernel.");
    }
  }
}
