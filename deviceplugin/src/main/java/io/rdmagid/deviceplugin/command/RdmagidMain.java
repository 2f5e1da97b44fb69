package io.rdmagid.deviceplugin.command;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.helpers.NOP_FallbackServiceProvider;
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
    quiet();
    PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    int code = run(out, err, arguments);
    out.flush();
    err.flush();
    System.exit(code);
  }

  /** Runs one command line and gives its exit code. */
  static int run(PrintWriter out, PrintWriter err, String... arguments) {
    return commandLine(arguments)
        .setOut(out)
        .setErr(err)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler((e, _, _) -> {
          // A refusal that no command knows: 1 would say that there is nothing.
          err.println(Source.PREFIX + e);
          return ExitCode.REFUSED;
        })
        .setParameterExceptionHandler((e, _) -> {
          err.println(Source.PREFIX + e.getMessage());
          err.println("Try '" + e.getCommandLine().getCommandSpec().qualifiedName() + " --help'.");
          return ExitCode.USAGE;
        })
        .execute(arguments);
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

  /**
   * What people need to know the commands print; logging is the agent's. Before the first logger:
   * logback, once found, reads its configuration by an XML parser, which took longer than all the
   * rest of a command.
   */
  private static void quiet() {
    System.setProperty("slf4j.internal.verbosity", "WARN"); // else SLF4J tells of the next line
    System.setProperty("slf4j.provider", NOP_FallbackServiceProvider.class.getName());
  }
}
