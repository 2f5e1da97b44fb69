package io.rdmagid.assignment;

import java.util.Arrays;
import java.util.Optional;

/** How far the assignment of a port is. */
public enum AssignmentState {
  /** Handed out; the pod's network does not exist yet, or nobody chose in it. */
  PENDING("pending"),
  /** The choice is right now. */
  CURRENT("current"),
  /** The choice was right and nobody can tell whether it still is. */
  STALE("stale"),
  /** No entry will do. */
  NONE("none"),
  /** The pod's sandbox ended, and nobody has the port by this assignment. */
  RELEASED("released");

  private final String text;

  AssignmentState(String text) {
    this.text = text;
  }

  /** The word used in API objects and files. */
  public String text() {
    return text;
  }

  /** Whether a port in this state has a choice. */
  public boolean hasChoice() {
    return this == CURRENT || this == STALE;
  }

  /** The state written as {@code text}. */
  public static Optional<AssignmentState> fromText(String text) {
    return Arrays.stream(values()).filter(state -> state.text.equals(text)).findFirst();
  }
}
