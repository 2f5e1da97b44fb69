package io.rdmagid.deviceplugin.command;

import io.rdmagid.terminal.CompletionCommand;
import io.rdmagid.terminal.Invocation;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/**
 * The {@code rdmagid} command. Exit codes: 0 found, 1 nothing there, 2 usage, 3 the system refused.
 */
@CommandLine.Command(
    name = "rdmagid",
    description = "Shows the GID tables of RDMA ports, and who takes which entry.",
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:found",
      "1:nothing there",
      "2:the command line or a recording is wrong",
      "3:the system refused"
    })
public final class RdmagidMain implements Runnable {
  /** All but the one that needs all of them. */
  private static final SequencedMap<String, Supplier<?>> COMMANDS = new LinkedHashMap<>();

  static {
    COMMANDS.put("show", ShowCommand::new);
    COMMANDS.put("entry", EntryCommand::new);
    COMMANDS.put("find", FindCommand::new);
    COMMANDS.put("explain", ExplainCommand::new);
    COMMANDS.put("watch", WatchCommand::new);
    COMMANDS.put("record", RecordCommand::new);
    COMMANDS.put("bench", BenchCommand::new);
    COMMANDS.put(ReadInNamespaceCommand.NAME, ReadInNamespaceCommand::new);
  }

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @CommandLine.Option(names = "--help", usageHelp = true, description = "Print this.")
  boolean help;

  @CommandLine.Option(names = "--version", versionHelp = true, description = "Print the version.")
  boolean version;

  private RdmagidMain() {}

  /** The process's entry. */
  public static void main(String[] arguments) {
    Invocation.end(RdmagidMain::run, arguments);
  }

  /** Runs one command line and gives its exit code. */
  static int run(PrintWriter out, PrintWriter err, String... arguments) {
    return Invocation.run(commandLine(arguments), Source.PREFIX, out, err, arguments);
  }

  /**
   * With the subcommand that is called alone, since picocli looks at every one that it is given,
   * which would be a good part of a command's time; with all of them where all count, for help,
   * completion and a word that is none.
   */
  private static CommandLine commandLine(String... arguments) {
    CommandLine commandLine = new CommandLine(new RdmagidMain());
    @Nullable Supplier<?> called = arguments.length == 0 ? null : COMMANDS.get(arguments[0]);
    if (called != null) {
      return commandLine.addSubcommand(arguments[0], called.get());
    }
    COMMANDS.forEach((name, command) -> commandLine.addSubcommand(name, command.get()));
    return commandLine.addSubcommand(new CompletionCommand());
  }

  /** Without a subcommand there is nothing to do. */
  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "no command given: try show or --help");
  }
}
