package io.rdmagid.kubectl.explain;

import java.util.OptionalInt;

/**
 * What a library does on a port with what the container is told.
 *
 * @param index empty where it takes none, or where nobody knows
 * @param lands whether it takes the entry that was given
 * @param why for people
 */
public record LibraryFate(String library, OptionalInt index, Lands lands, String why) {
  /** Whether a library takes the entry that was given. */
  public enum Lands {
    /** It does. */
    YES("yes"),
    /** It takes another, or none. */
    NO("no"),
    /** Nobody can tell from here. */
    UNKNOWN("");

    private final String text;

    Lands(String text) {
      this.text = text;
    }

    /** The word in output. */
    public String text() {
      return text;
    }
  }
}
