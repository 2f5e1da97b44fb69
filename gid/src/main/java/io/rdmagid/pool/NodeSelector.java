package io.rdmagid.pool;

import java.util.Map;

/**
 * Which nodes are meant.
 *
 * @param matchLabels labels that a node must have with these values; empty for every node
 */
public record NodeSelector(Map<String, String> matchLabels) {
  /** Fits every node. */
  public static final NodeSelector ANY = new NodeSelector(Map.of());

  public NodeSelector {
    matchLabels = Map.copyOf(matchLabels);
  }

  /** Whether a node with these labels is meant. */
  public boolean matches(Map<String, String> labels) {
    return labels.entrySet().containsAll(matchLabels.entrySet());
  }
}
