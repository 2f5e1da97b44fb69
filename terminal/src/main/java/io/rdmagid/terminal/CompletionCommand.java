package io.rdmagid.terminal;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;

/** {@code completion}: a script by which a shell completes the command's words. */
@CommandLine.Command(
    name = "completion",
    description = {
      "Prints a script by which a shell completes ${ROOT-COMMAND-NAME}'s words:",
      "  source <(${ROOT-COMMAND-NAME} completion bash)      in bash and zsh",
      "  ${ROOT-COMMAND-NAME} completion fish | source       in fish"
    },
    sortOptions = false)
public final class CompletionCommand implements Callable<Integer> {
  /** Those that are known. */
  enum Shell {
    BASH,
    ZSH,
    FISH
  }

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @CommandLine.Parameters(
      index = "0",
      paramLabel = "SHELL",
      description = "One of ${COMPLETION-CANDIDATES}, in lower case, too.")
  private Shell shell = Shell.BASH;

  @CommandLine.Option(names = "--help", usageHelp = true, description = "Print this.")
  boolean help;

  @Override
  public Integer call() {
    CommandLine root = spec.parent().commandLine();
    spec.commandLine()
        .getOut()
        .println(
            switch (shell) {
              // The script of picocli turns on bash's completions where zsh reads it.
              case BASH, ZSH -> AutoComplete.bash(root.getCommandName(), root);
              case FISH -> FishCompletion.of(root.getCommandSpec());
            });
    spec.commandLine().getOut().flush();
    return ExitCode.FOUND;
  }
}
