package io.rdmagid.deviceplugin.recording;

import java.util.ArrayList;
import java.util.List;

/**
 * What is wrong with a recording, in a form that can be shown whatever the recording holds: the
 * first {@value #MOST} and the number of the others, each without control characters and short
 * enough for a line.
 */
final class Problems {
  static final int MOST = 1_000;

  private static final int HEAD = 300;
  private static final int TAIL = 100;

  private final List<String> shown = new ArrayList<>();
  private int count;

  void add(String problem) {
    count++;
    if (shown.size() < MOST) {
      shown.add(line(problem));
    }
  }

  int count() {
    return count;
  }

  List<String> all() {
    List<String> all = new ArrayList<>(shown);
    if (count > MOST) {
      all.add("and " + (count - MOST) + " more problems");
    }
    return all;
  }

  /** The path stands at the beginning and what to do at the end: the middle is left out. */
  private static String line(String problem) {
    String cut =
        problem.length() <= HEAD + TAIL
            ? problem
            : problem.substring(0, HEAD) + "…" + problem.substring(problem.length() - TAIL);
    return cut.replaceAll("(?U)\\p{Cntrl}", "?");
  }
}
