package io.rdmagid.deviceplugin.command;

import io.rdmagid.deviceplugin.command.Reading.DevicePort;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;

/** {@code rdmagid entry}: what one slot holds. */
@CommandLine.Command(
    name = "entry",
    description = "Shows what one slot of a port's table holds.",
    sortOptions = false)
final class EntryCommand implements Callable<Integer> {
  @CommandLine.Parameters(index = "0", paramLabel = "DEVICE", description = "Such as mlx5_0.")
  private String device = "";

  @CommandLine.Parameters(index = "1", paramLabel = "PORT", description = "From 1.")
  private int port;

  @CommandLine.Parameters(index = "2", paramLabel = "INDEX", description = "From 0.")
  private int index;

  @CommandLine.Mixin private Source source = new Source();
  @CommandLine.Mixin private Printer printer = new Printer();

  @CommandLine.Option(names = "--help", usageHelp = true, description = "Print this.")
  boolean help;

  @Override
  public Integer call() {
    Source.Readings readings = source.read();
    int found =
        Matches.print(readings, (at, entry) -> isPort(at) && entry.index() == index, printer);
    return source.end(readings, found > 0, nothing(readings.all()));
  }

  private String nothing(List<Reading> readings) {
    List<DevicePort> ports =
        readings.stream().flatMap(reading -> reading.ports().stream()).toList();
    for (DevicePort at : ports) {
      int slots = at.port().attributes().gidTableLength();
      if (isPort(at)) {
        return index >= 0 && index < slots
            ? "slot " + index + " of " + name(at) + " is empty"
            : "the table of "
                + name(at)
                + " has "
                + slots
                + " slots, so indices up to "
                + (slots - 1);
      }
    }
    return "no port "
        + device
        + "/"
        + port
        + "; there "
        + (ports.isEmpty() ? "is none" : "are ")
        + ports.stream().map(EntryCommand::name).distinct().collect(Collectors.joining(", "));
  }

  private boolean isPort(DevicePort at) {
    return at.device().name().equals(device) && at.port().number() == port;
  }

  private static String name(DevicePort at) {
    return at.device().name() + "/" + at.port().number();
  }
}
