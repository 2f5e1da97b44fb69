package io.rdmagid.deviceplugin.command;

import io.rdmagid.deviceplugin.transport.UnixSocket;
import io.rdmagid.deviceplugin.wire.QuerySocket;
import java.nio.file.Path;
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

  /** Whom to ask now. */
  enum Turn {
    /** The agent, which has answered. */
    AGENT,
    /** The kernel, since no agent answers. */
    KERNEL,
    /** Nobody: the agent that the user names does not answer. */
    NOBODY
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

  Path socket() {
    return agent == null ? QuerySocket.USUAL : Path.of(agent);
  }

  /**
   * Asks the agent.
   *
   * @param told takes the tables, if the agent answers
   * @param problems takes what people have to know of an agent that does not
   */
  Turn ask(Consumer<AgentAnswer.Told> told, Consumer<String> problems) {
    if (QuerySocket.NONE.equals(agent)) {
      return Turn.KERNEL;
    }
    return switch (answer(socket())) {
      case AgentAnswer.Told tables -> {
        told.accept(tables);
        yield Turn.AGENT;
      }
      case AgentAnswer.Away(String reason) -> {
        if (agent == null) {
          yield Turn.KERNEL;
        }
        problems.accept("--agent " + agent + ": " + reason);
        yield Turn.NOBODY;
      }
      case AgentAnswer.Failed(String reason) -> {
        if (agent == null) {
          problems.accept(socket() + ": " + reason + "; read from the kernel instead");
          yield Turn.KERNEL;
        }
        problems.accept("--agent " + agent + ": " + reason);
        yield Turn.NOBODY;
      }
    };
  }

  private static AgentAnswer answer(Path socket) {
    if (!UnixSocket.isListening(socket)) {
      return new AgentAnswer.Away(
          "no agent listens there, or you may not ask it: start one with --query-socket, be root,"
              + " or leave --agent out");
    }
    try (AgentClient client = new AgentClient(socket)) {
      return client.table();
    }
  }
}
