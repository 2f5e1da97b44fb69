package io.rdmagid.deviceplugin.command;

import io.rdmagid.deviceplugin.inventory.Inventory;

/** What the node's agent says of the tables. */
sealed interface AgentAnswer {
  /** These are the tables. */
  record Told(Inventory inventory) implements AgentAnswer {}

  /**
   * There is no agent, or none that could know: it has read nothing yet, or is older than the
   * question.
   *
   * @param reason for people, without a full stop
   */
  record Away(String reason) implements AgentAnswer {}

  /**
   * It is there, and does not answer as it should.
   *
   * @param reason for people, without a full stop
   */
  record Failed(String reason) implements AgentAnswer {}
}
