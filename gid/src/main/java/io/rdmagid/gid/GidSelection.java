package io.rdmagid.gid;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What {@link GidSelector} found. */
public sealed interface GidSelection {
  /** The entry to use, where there is one. */
  default Optional<GidEntry> selected() {
    return this instanceof Selected(GidEntry entry) ? Optional.of(entry) : Optional.empty();
  }

  /** The entry to use. */
  record Selected(GidEntry entry) implements GidSelection {}

  /**
   * No entry will do.
   *
   * @param closest the entries that came closest to a rule, the closest first, at most {@value
   *     #MOST_CLOSEST}; empty where no rule was given
   */
  record NoMatch(Reason reason, List<CloseEntry> closest) implements GidSelection {
    /** How many entries are told. */
    public static final int MOST_CLOSEST = 4;

    public NoMatch {
      closest = List.copyOf(closest);
    }

    /**
     * One sentence for people, without a full stop: what the rule asked for and what came close.
     *
     * @param rule the rule that was given
     */
    public String text(GidRule rule) {
      String none = "no " + rule.text();
      return closest.isEmpty()
          ? none + ": " + reason.text()
          : none
              + "; closest: "
              + closest.stream().map(CloseEntry::text).collect(Collectors.joining(", "));
    }
  }

  /**
   * The rule's best entry stands in the table twice, and nothing tells which slot belongs to the
   * network namespace in question.
   *
   * @param entries equal but for their index, by index, at least two
   */
  record Ambiguous(List<GidEntry> entries) implements GidSelection {
    public Ambiguous {
      entries = List.copyOf(entries);
    }

    /** One sentence for people, without a full stop. */
    public String text() {
      return entries.stream()
              .map(entry -> String.valueOf(entry.index()))
              .collect(Collectors.joining(" and ", "indices ", ""))
          + " hold "
          + entries.getFirst().gid().address()
          + " "
          + entries.getFirst().type().text()
          + ", and nothing tells which is of this network namespace";
    }
  }

  /**
   * An entry that does not match.
   *
   * @param lacks what it lacks, at least one thing
   */
  record CloseEntry(GidEntry entry, Set<GidRule.Lack> lacks) {
    public CloseEntry {
      lacks = Set.copyOf(lacks);
    }

    /** For people, such as {@code index 2 10.0.0.5 RoCEv2 (not in a subnet of the rule)}. */
    public String text() {
      return "index "
          + entry.index()
          + " "
          + entry.gid().address()
          + " "
          + entry.type().text()
          + lacks.stream()
              .sorted()
              .map(GidRule.Lack::text)
              .collect(Collectors.joining(", ", " (", ")"));
    }
  }

  /** Why no entry will do. */
  enum Reason {
    /** The table has no entry in this network namespace. */
    NO_ENTRY("the table has no GID of this network namespace"),
    /** There are entries, none of the rule's type. */
    NO_ENTRY_OF_TYPE("the table has no GID of the rule's type"),
    /** There are entries of the rule's type, none of its family. */
    NO_ENTRY_OF_FAMILY("the table has no GID of the rule's family"),
    /** There are entries, all with an address that is valid on its own link only. */
    ONLY_LINK_LOCAL("the table has link-local GIDs only: give the netdev an address"),
    /** There are entries, none whose address a program can use now. */
    NO_USABLE_ADDRESS(
        "the table has no routable GID whose address a program can use now: they are tentative,"
            + " deprecated, temporary, or the far end's"),
    /** There are entries of the rule's type and family, none in a subnet of it. */
    NO_ENTRY_IN_SUBNETS("the table has no GID in a subnet of the rule");

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
