package io.rdmagid.deviceplugin.command;

import io.rdmagid.deviceplugin.command.Reading.DevicePort;
import io.rdmagid.terminal.Printer;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
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
    // Of all ports, in case that there is nothing to show; a folder's are not all held.
    SequencedMap<String, Integer> slots = new LinkedHashMap<>();
    int found =
        Matches.print(
            readings,
            at -> {
              slots.merge(name(at), at.port().attributes().gidTableLength(), Math::max);
              return isPort(at);
            },
            (_, entry) -> entry.index() == index,
            printer);
    return source.end(readings, found > 0, nothing(slots));
  }

  private String nothing(SequencedMap<String, Integer> slots) {
    String port = device + "/" + this.port;
    Integer length = slots.get(port);
    if (length == null) {
      return "no port "
          + port
          + "; there "
          + (slots.isEmpty() ? "is none" : "are " + String.join(", ", slots.keySet()));
    }
    if (length == 0) {
      return "the table of " + port + " has no slots";
    }
    return index >= 0 && index < length
        ? "slot " + index + " of " + port + " is empty"
        : "the table of " + port + " has " + length + " slots, so indices up to " + (length - 1);
  }

  private boolean isPort(DevicePort at) {
    return at.device().name().equals(device) && at.port().number() == port;
  }

  private static String name(DevicePort at) {
    return at.device().name() + "/" + at.port().number();
  }
}
