package io.rdmagid.kubectl;

import io.rdmagid.terminal.CompletionCommand;
import io.rdmagid.terminal.Invocation;
import java.io.PrintWriter;
import picocli.CommandLine;

/** {@code kubectl rdmagid}, which kubectl starts as {@code kubectl-rdmagid}. */
@CommandLine.Command(
    name = "kubectl-rdmagid",
    description = "Shows which RDMA ports pods hold, why they have their index, and what is wrong.",
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:found; of check: nothing is wrong",
      "1:nothing there; of check: something is wrong",
      "2:the command line or the kubeconfig is wrong",
      "3:the cluster refused, or cannot be reached"
    },
    subcommands = {
      PodsCommand.class,
      ExplainCommand.class,
      FindCommand.class,
      CheckCommand.class,
      TopCommand.class,
      CompletionCommand.class
    })
public final class KubectlRdmagidMain implements Runnable {
  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @CommandLine.Option(names = "--help", usageHelp = true, description = "Print this.")
  boolean help;

  @CommandLine.Option(names = "--version", versionHelp = true, description = "Print the version.")
  boolean version;

  private KubectlRdmagidMain() {}

  /** The process's entry. */
  public static void main(String[] arguments) {
    Invocation.end(KubectlRdmagidMain::run, arguments);
  }

  /** Runs one command line and gives its exit code. */
  static int run(PrintWriter out, PrintWriter err, String... arguments) {
    return Invocation.run(
        new CommandLine(new KubectlRdmagidMain()), ClusterOption.PREFIX, out, err, arguments);
  }

  /** Without a subcommand there is nothing to do. */
  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "no command given: try pods or --help");
  }
}
