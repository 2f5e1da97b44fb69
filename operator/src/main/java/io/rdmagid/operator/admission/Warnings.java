package io.rdmagid.operator.admission;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;

/**
 * Lines for kubectl within what an API server passes on: 256 characters each and 4,096 of all
 * webhooks together
 * (https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#response).
 */
final class Warnings {
  /** The longest line, in characters. */
  static final int LONGEST = 256;

  /** How many lines there are at most: with them others have half of what all may say. */
  static final int MOST = 8;

  private final SequencedSet<String> lines = new LinkedHashSet<>();

  /** Adds a line unless it is there. What no header can carry is shown as {@code ?}. */
  void add(String line) {
    String clean = line.replaceAll("[^ -~]", "?");
    lines.add(
        "rdmagid: "
            + (clean.length() <= LONGEST - 9 ? clean : clean.substring(0, LONGEST - 12) + "..."));
  }

  /** The lines; the last one counts those that are too many. */
  List<String> toList() {
    if (lines.size() <= MOST) {
      return List.copyOf(lines);
    }
    List<String> first = new ArrayList<>(lines.stream().limit(MOST - 1).toList());
    first.add("rdmagid: and " + (lines.size() - first.size()) + " more");
    return first;
  }
}
