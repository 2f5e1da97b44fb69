package io.rdmagid.e2e.bench;

import io.rdmagid.e2e.testbed.Node;
import io.rdmagid.e2e.testbed.TestbedException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the agent of a node is and does while nothing changes, the kubelet's probes included.
 *
 * @param pssBytes its memory, what it shares with others in part (/proc/PID/smaps_rollup)
 * @param wakeUps context switches that its threads chose, a minute (/proc/PID/task/TID/status)
 * @param ticks of processor time, a minute, 10 ms each (/proc/PID/stat)
 */
record Footprint(double pssBytes, double wakeUps, double ticks) {
  private static final Duration WATCHED = Duration.ofMinutes(2);
  private static final String SAMPLE =
      """
      p=$(pgrep -f io.rdmagid.deviceplugin.AgentMai[n])
      awk '/^Pss:/ { print $2 }' /proc/$p/smaps_rollup
      awk '/^voluntary_ctxt_switches:/ { s += $2 } END { print s }' /proc/$p/task/*/status
      awk '{ print $14 + $15 }' /proc/$p/stat
      """;

  static Footprint measure(Node node) {
    List<Long> before = sample(node);
    try {
      Thread.sleep(WATCHED); // the time is what is measured
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TestbedException("interrupted", e);
    }
    List<Long> after = sample(node);
    return new Footprint(
        1024.0 * after.get(0),
        (double) (after.get(1) - before.get(1)) / WATCHED.toMinutes(),
        (double) (after.get(2) - before.get(2)) / WATCHED.toMinutes());
  }

  private static List<Long> sample(Node node) {
    return parse(node.sh(SAMPLE));
  }

  static List<Long> parse(String printed) {
    List<Long> numbers = printed.lines().map(line -> Long.valueOf(line.strip())).toList();
    if (numbers.size() != 3) {
      throw new TestbedException("memory, switches and ticks of the agent: " + printed);
    }
    return numbers;
  }

  /** Of an agent without allocations, and of the same one with some. */
  static List<Figure> figures(Footprint none, Footprint some, int allocations) {
    String where =
        "emulated node, 3 ports, %d minutes in which nothing changes, with the kubelet's probes"
            .formatted(WATCHED.toMinutes());
    return Stream.concat(
            Stream.concat(none.own(0, where), some.own(allocations, where)),
            Stream.of(
                Figure.of(
                    "processor time with %d allocations, against none".formatted(allocations),
                    some.ticks() / none.ticks(),
                    Unit.TIMES,
                    where)))
        .toList();
  }

  private Stream<Figure> own(int allocations, String where) {
    String with = "with %d allocations".formatted(allocations);
    return Stream.of(
        new Figure(
            "the agent's memory (PSS) " + with,
            pssBytes,
            Unit.BYTES,
            new Bar.AtMost(110 << 20),
            where),
        Figure.of("wake-ups of its threads a minute, " + with, wakeUps, Unit.COUNT, where),
        Figure.of(
            "ticks (10 ms) of its emulated processor a minute, " + with,
            ticks,
            Unit.COUNT,
            where + "; the emulation makes them many times what a processor takes"));
  }
}
