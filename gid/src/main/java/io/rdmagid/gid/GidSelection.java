package io.rdmagid.gid;

/** What {@link GidSelector} found. */
public sealed interface GidSelection {
  /** The entry to use. */
  record Selected(GidEntry entry) implements GidSelection {}

  /** No entry will do. */
  record NoMatch(Reason reason) implements GidSelection {}

  /** Why no entry will do. */
  enum Reason {
    /** The table has no entry in this network namespace. */
    NO_ENTRY("the table has no GID of this network namespace"),
    /** There are entries, all with an address that is valid on its own link only. */
    ONLY_LINK_LOCAL("the table has link-local GIDs only: give the netdev an address");

    private final String text;

    Reason(String text) {
      this.text = text;
    }

    /** One sentence for people, without a full stop. */
    public String text() {
      return text;
    }
  }
}
