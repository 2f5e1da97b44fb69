package io.rdmagid.api.event;

import java.nio.charset.StandardCharsets;

/** What an Event says to people, as the server takes it. Pure. */
public final class EventNote {
  /** In UTF-8: kubernetes, pkg/apis/core/validation/events.go. */
  public static final int MOST_BYTES = 1024;

  private static final String CUT = "…";

  private EventNote() {}

  /**
   * The text, if it fits; else as much of its start as does, and a sign that there was more. Texts
   * of servers and webhooks are of any length, in any language.
   */
  public static String of(String text) {
    if (length(text) <= MOST_BYTES) {
      return text;
    }
    // No character is less than a byte. It may end with half of one, which goes first.
    String start = text.substring(0, Math.min(text.length(), MOST_BYTES));
    while (length(start + CUT) > MOST_BYTES) {
      start = start.substring(0, start.offsetByCodePoints(start.length(), -1));
    }
    return start + CUT;
  }

  private static int length(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
