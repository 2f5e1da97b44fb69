package io.rdmagid.deviceplugin.command;

import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.inventory.Port;
import io.rdmagid.deviceplugin.observe.OneReading;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** {@code rdmagid show}: the GID tables as they are now. */
@CommandLine.Command(
    name = "show",
    description = "Shows the GID tables of this node's RDMA ports, or of a recording.",
    footer = "The entry marked * is the one that rdmagid would use.",
    sortOptions = false)
final class ShowCommand implements Callable<Integer> {
  /** How to print. */
  enum Format {
    TABLE,
    JSON
  }

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @CommandLine.Option(
      names = "--recording",
      paramLabel = "FILE",
      description = "Read this recording in place of the kernel.")
  private @Nullable Path recording;

  @CommandLine.Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "table",
      description = "table or json. Default: ${DEFAULT-VALUE}.")
  private Format format = Format.TABLE;

  @CommandLine.Option(names = "--help", usageHelp = true, description = "Print this.")
  boolean help;

  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    OneReading.Result result =
        recording == null ? OneReading.kernel(Path.of("/sys")) : OneReading.recording(recording);
    return switch (result) {
      case OneReading.Result.Read(Inventory inventory, List<String> refusals) ->
          print(inventory, refusals, err);
      case OneReading.Result.Invalid(List<String> problems) -> {
        problems.forEach(problem -> err.println("rdmagid: " + recording + ": " + problem));
        yield ExitCode.USAGE;
      }
      case OneReading.Result.Refused(String reason) -> {
        err.println("rdmagid: " + reason);
        yield ExitCode.REFUSED;
      }
    };
  }

  private int print(Inventory inventory, List<String> refusals, PrintWriter err) {
    PrintWriter out = spec.commandLine().getOut();
    boolean found = inventory.devices().stream().anyMatch(device -> !device.ports().isEmpty());
    switch (format) {
      case JSON -> out.println(GidJson.of(inventory));
      case TABLE -> {
        if (found) {
          GidTable.lines(inventory).forEach(out::println);
        }
      }
    }
    out.flush();
    refusals.forEach(
        refusal -> err.println("rdmagid: " + refusal + " (is this root, with /dev/infiniband?)"));
    if (!refusals.isEmpty()) {
      return ExitCode.REFUSED;
    }
    if (!found) {
      err.println("rdmagid: no RDMA port here: is the driver's module loaded?");
      return ExitCode.NOTHING;
    }
    tellOfPods(inventory, err);
    return ExitCode.FOUND;
  }

  /** A table with gaps would puzzle who compares it with other tools, which show all namespaces. */
  private void tellOfPods(Inventory inventory, PrintWriter err) {
    int pods =
        inventory.devices().stream()
            .flatMap(device -> device.ports().stream())
            .mapToInt(Port::podGidCount)
            .sum();
    if (pods > 0 && format == Format.TABLE) {
      err.println("Not shown: " + pods + " of other network namespaces (pods).");
    }
  }
}
