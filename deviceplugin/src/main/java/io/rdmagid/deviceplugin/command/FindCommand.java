package io.rdmagid.deviceplugin.command;

import io.rdmagid.deviceplugin.command.Reading.DevicePort;
import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.gid.GidType;
import io.rdmagid.terminal.Address;
import io.rdmagid.terminal.Printer;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** {@code rdmagid find}: where an address is now. */
@CommandLine.Command(
    name = "find",
    description = {
      "Finds entries on all ports, those of pods included.",
      "What is given must all hold; nothing given finds every entry."
    },
    sortOptions = false)
final class FindCommand implements Callable<Integer> {
  @CommandLine.Option(
      names = "--ip",
      paramLabel = "ADDRESS",
      converter = Address.class,
      description = "The IP address, or GID, that the entry carries.")
  private @Nullable Gid gid;

  @CommandLine.Option(
      names = "--netdev",
      paramLabel = "NAME",
      description = "The network device of the entry.")
  private @Nullable String netdev;

  @CommandLine.Option(
      names = "--type",
      paramLabel = "TYPE",
      converter = Type.class,
      description = "RoCEv2, RoCEv1 or IB.")
  private @Nullable GidType type;

  @CommandLine.Option(
      names = "--netns",
      paramLabel = "PID|PATH",
      converter = NamespaceFile.Converter.class,
      description = "Only what a program in this network namespace can use.")
  private @Nullable NamespaceFile namespace;

  @CommandLine.Mixin private Source source = new Source();
  @CommandLine.Mixin private Printer printer = new Printer();

  @CommandLine.Option(names = "--help", usageHelp = true, description = "Print this.")
  boolean help;

  @Override
  public Integer call() {
    Source.Readings readings = source.read(namespace);
    int found = Matches.print(readings, _ -> true, this::matches, printer);
    return source.end(readings, found > 0, "no such entry on any port");
  }

  private boolean matches(DevicePort port, GidEntry entry) {
    return (namespace == null || !port.isElsewhere(entry))
        && (gid == null || entry.gid().equals(gid))
        && (netdev == null || entry.netdev().equals(netdev))
        && (type == null || entry.type() == type);
  }

  /** Reads the words of the API objects, in whatever case. */
  static final class Type implements CommandLine.ITypeConverter<GidType> {
    @Override
    public GidType convert(String text) {
      for (GidType type : GidType.values()) {
        if (type.text().equalsIgnoreCase(text)) {
          return type;
        }
      }
      throw new CommandLine.TypeConversionException(
          "'" + text + "' is not one of RoCEv2, RoCEv1, IB");
    }
  }
}
