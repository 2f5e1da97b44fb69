package io.rdmagid.e2e.bench;

import io.rdmagid.e2e.testbed.TestbedException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What {@code ReadBench} measured of a table.
 *
 * @param rounds at least one
 * @param allocatedBytes of Java heap by a reading with its records
 */
record ReadRounds(List<Round> rounds, double allocatedBytes) {
  private static final Pattern ROUND =
      Pattern.compile(
          "bench round entries=(\\d+) c=([\\d,]+) jvm=([\\d,]+) read=([\\d,]+) walk=([\\d,]*)");
  private static final Pattern ALLOCATED = Pattern.compile("bench allocated=(\\d+)");

  /**
   * A round: medians, nanoseconds a reading.
   *
   * @param entries filled slots
   * @param c the call from C
   * @param jvm the call from Java
   * @param read the call from Java with its records
   * @param walk sysfs from C; NaN where there was none
   */
  record Round(long entries, double c, double jvm, double read, double walk) {}

  ReadRounds {
    rounds = List.copyOf(rounds);
  }

  /**
   * Reads what the program printed.
   *
   * @throws TestbedException if it did not come to its end
   */
  static ReadRounds parse(String printed) {
    List<Round> rounds = new ArrayList<>();
    for (String line : printed.lines().toList()) {
      Matcher round = ROUND.matcher(line);
      Matcher allocated = ALLOCATED.matcher(line);
      if (round.matches()) {
        rounds.add(
            new Round(
                Long.parseLong(round.group(1)),
                median(round.group(2)),
                median(round.group(3)),
                median(round.group(4)),
                round.group(5).isEmpty() ? Double.NaN : median(round.group(5))));
      } else if (allocated.matches() && !rounds.isEmpty()) {
        return new ReadRounds(rounds, Double.parseDouble(allocated.group(1)));
      }
    }
    throw new TestbedException("the reading bench did not come to its end:\n" + printed);
  }

  /** Filled slots, the same in all rounds. */
  long entries() {
    return rounds.getFirst().entries();
  }

  /** The median over the rounds of something of a round; a ratio is taken within a round. */
  double median(ToDoubleFunction<Round> value) {
    List<Double> sorted = rounds.stream().mapToDouble(value).sorted().boxed().toList();
    return sorted.get((sorted.size() - 1) / 2);
  }

  private static double median(String samples) {
    return new Times(Stream.of(samples.split(",", -1)).map(Long::valueOf).toList()).median();
  }
}
