package io.rdmagid.deviceplugin.command;

import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.transport.UnixSocket;
import io.rdmagid.deviceplugin.wire.QuerySocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** Whether the node's agent is asked before the kernel, and where. */
final class AgentOption {
  @CommandLine.Option(
      names = "--agent",
      paramLabel = "SOCKET",
      description =
          "Ask the agent there, or, by the word none, the kernel. Default: the agent at"
              + " /run/rdmagid-agent/query.sock where it answers, else the kernel.")
  private @Nullable String agent;

  /** Then the kernel is asked, which is there always. */
  private static final Duration UNNAMED = Duration.ofSeconds(10);

  /** Nobody else is to be asked. */
  private static final Duration NAMED = Duration.ofSeconds(60);

  /** Whom to ask now. */
  sealed interface Turn {
    /** The agent, which has answered. */
    record Agent(Inventory inventory) implements Turn {}

    /** The kernel, since no agent answers. */
    record Kernel() implements Turn {}

    /**
     * Nobody: the agent that the user names does not answer.
     *
     * @param reason for people, without a full stop
     */
    record Nobody(String reason) implements Turn {}
  }

  /**
   * Refuses to be given beside a recording, which nobody is asked about.
   *
   * @throws CommandLine.ParameterException if both are given
   */
  void excludes(@Nullable Path recording, CommandLine command) {
    if (recording != null && agent != null) {
      throw new CommandLine.ParameterException(
          command, "--agent and --recording exclude each other: leave one out");
    }
  }

  /**
   * Refuses that an agent is named where another network namespace is to be looked into, which the
   * command does itself.
   *
   * @throws CommandLine.ParameterException if one is
   */
  void excludesNamespace(CommandLine command) {
    if (agent != null && !QuerySocket.NONE.equals(agent)) {
      throw new CommandLine.ParameterException(
          command,
          "--agent and --netns exclude each other: an agent tells of its own network namespace;"
              + " leave --agent out");
    }
  }

  Path socket() {
    return agent == null ? QuerySocket.USUAL : Path.of(agent);
  }

  /**
   * Asks the agent.
   *
   * @param problems takes what people have to know of an agent that is passed over
   */
  Turn ask(Consumer<String> problems) {
    if (QuerySocket.NONE.equals(agent)) {
      return new Turn.Kernel();
    }
    return switch (answer(socket())) {
      case AgentAnswer.Told(Inventory inventory) -> new Turn.Agent(inventory);
      case AgentAnswer.Away(String reason) -> agent == null ? new Turn.Kernel() : nobody(reason);
      case AgentAnswer.Failed(String reason) -> {
        if (agent != null) {
          yield nobody(reason);
        }
        problems.accept(socket() + ": " + reason + "; read from the kernel instead");
        yield new Turn.Kernel();
      }
    };
  }

  private Turn nobody(String reason) {
    return new Turn.Nobody("--agent " + agent + ": " + reason);
  }

  private AgentAnswer answer(Path socket) {
    if (!UnixSocket.isListening(socket)) {
      return new AgentAnswer.Away(
          "no agent listens there, or you may not ask it: start one with --query-socket, be root,"
              + " or leave --agent out");
    }
    try (AgentClient client = new AgentClient(socket)) {
      return client.table(agent == null ? UNNAMED : NAMED);
    }
  }
}
