package io.rdmagid.e2e.bench;

import java.util.List;

/**
 * How long something took, again and again.
 *
 * @param nanos at least one, in nanoseconds, ascending in whatever order they are given
 */
record Times(List<Long> nanos) {
  Times {
    if (nanos.isEmpty()) {
      throw new IllegalArgumentException("no time measured");
    }
    nanos = nanos.stream().sorted().toList();
  }

  /** The numbers at the end of those lines that start so. */
  static Times printed(String text, String start) {
    return new Times(
        text.lines()
            .filter(line -> line.startsWith(start))
            .map(line -> Long.valueOf(line.substring(start.length())))
            .toList());
  }

  /** What {@code EventBench} printed: a time a change, from the event to the inventory. */
  static Times ofChanges(String printed) {
    return printed(printed, "bench change=");
  }

  double median() {
    return atLeast(0.5);
  }

  double p99() {
    return atLeast(0.99);
  }

  double longest() {
    return nanos.getLast();
  }

  /** The smallest that this share of all does not exceed: the nearest rank, nothing in between. */
  private double atLeast(double share) {
    int rank = (int) Math.ceil(share * nanos.size());
    return nanos.get(Math.max(rank, 1) - 1);
  }
}
