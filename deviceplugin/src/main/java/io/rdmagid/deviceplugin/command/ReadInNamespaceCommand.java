package io.rdmagid.deviceplugin.command;

import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.observe.NamespaceReading;
import io.rdmagid.deviceplugin.observe.OneReading;
import io.rdmagid.terminal.ExitCode;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/**
 * {@code rdmagid read-in-namespace}: moves into a network namespace, reads the devices that belong
 * to it, and writes them as a recording. {@link InsideProcess} runs it; the process must end
 * afterwards.
 */
@CommandLine.Command(
    name = ReadInNamespaceCommand.NAME,
    description = "Writes the tables of another network namespace's devices as a recording.",
    hidden = true)
final class ReadInNamespaceCommand implements Callable<Integer> {
  static final String NAME = "read-in-namespace";

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @CommandLine.Parameters(index = "0", paramLabel = "PATH", description = "The namespace's file.")
  private Path namespace = Path.of("");

  @CommandLine.Option(names = "--help", usageHelp = true, description = "Print this.")
  boolean help;

  @Override
  public Integer call() {
    return switch (NamespaceReading.stay(namespace, Source.SYSFS)) {
      case OneReading.Result.Read(Inventory inventory, List<String> refusals, var _) -> {
        PrintWriter out = spec.commandLine().getOut();
        out.println(NamespaceReading.document(inventory));
        out.flush();
        refusals.forEach(this::tell);
        yield refusals.isEmpty() ? ExitCode.FOUND : ExitCode.REFUSED;
      }
      case OneReading.Result.Invalid(List<String> problems) -> {
        problems.forEach(this::tell);
        yield ExitCode.USAGE;
      }
      case OneReading.Result.Refused(String reason) -> {
        tell(reason);
        yield ExitCode.REFUSED;
      }
    };
  }

  private void tell(String problem) {
    spec.commandLine().getErr().println(Source.PREFIX + problem);
  }
}
