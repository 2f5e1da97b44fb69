package io.rdmagid.e2e.bench;

import io.rdmagid.e2e.testbed.Node;
import io.rdmagid.e2e.testbed.TestbedException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the agent of a node is and does while nothing changes, the kubelet's probes included.
 *
 * @param pssBytes its memory, what it shares with others in part (/proc/PID/smaps_rollup)
 * @param ownBytes what of it only its end gives back: written pages (Private_Dirty, the same file)
 * @param wakeUps context switches that its threads chose, a minute (/proc/PID/task/TID/status)
 * @param ticks of processor time, a minute, 10 ms each (/proc/PID/stat)
 */
record Footprint(double pssBytes, double ownBytes, double wakeUps, double ticks) {
  private static final Duration WATCHED = Duration.ofMinutes(2);
  private static final String SAMPLE =
      """
      p=$(pgrep -f io.rdmagid.deviceplugin.AgentMai[n])
      awk '/^Pss:/ { print "pss", $2 } /^Private_Dirty:/ { print "own", $2 }' /proc/$p/smaps_rollup
      awk '{ print "ticks", $14 + $15 }' /proc/$p/stat
      awk '/^Pid:/ { t = $2 } /^voluntary_ctxt_switches:/ { print t, $2 }' /proc/$p/task/*/status
      """;

  static Footprint measure(Node node) {
    Sample before = Sample.parse(node.sh(SAMPLE));
    Pause.of(WATCHED);
    return between(before, Sample.parse(node.sh(SAMPLE)));
  }

  static Footprint between(Sample before, Sample after) {
    return new Footprint(
        1024.0 * after.pssKib(),
        1024.0 * after.ownKib(),
        (double) after.switchesSince(before) / WATCHED.toMinutes(),
        (double) (after.ticks() - before.ticks()) / WATCHED.toMinutes());
  }

  /**
   * The agent at a moment.
   *
   * @param switches of each thread that lives, by its number
   */
  record Sample(long pssKib, long ownKib, long ticks, Map<Long, Long> switches) {
    static Sample parse(String printed) {
      Map<String, Long> numbers = new HashMap<>();
      for (String line : printed.lines().toList()) {
        String[] words = line.strip().split(" ", -1);
        if (words.length != 2) {
          throw new TestbedException("memory, ticks and switches of the agent: " + printed);
        }
        numbers.put(words[0], Long.valueOf(words[1]));
      }
      Long pss = numbers.remove("pss");
      Long own = numbers.remove("own");
      Long ticks = numbers.remove("ticks");
      if (pss == null || own == null || ticks == null || numbers.isEmpty()) {
        throw new TestbedException("memory, ticks and switches of the agent: " + printed);
      }
      return new Sample(
          pss,
          own,
          ticks,
          numbers.entrySet().stream()
              .collect(
                  Collectors.toMap(thread -> Long.valueOf(thread.getKey()), Map.Entry::getValue)));
    }

    /** Those of a thread that ended in between nobody has counted any more. */
    long switchesSince(Sample before) {
      return switches.entrySet().stream()
          .mapToLong(
              thread -> thread.getValue() - before.switches().getOrDefault(thread.getKey(), 0L))
          .sum();
    }
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
            "the agent's own memory (Private_Dirty) " + with,
            ownBytes,
            Unit.BYTES,
            new Bar.AtMost(96 << 20),
            where),
        Figure.of("the same with its part of files (PSS)", pssBytes, Unit.BYTES, where),
        Figure.of("wake-ups of its threads a minute, " + with, wakeUps, Unit.COUNT, where),
        Figure.of(
            "ticks (10 ms) of its emulated processor a minute, " + with,
            ticks,
            Unit.COUNT,
            where + "; the emulation makes them many times what a processor takes"));
  }
}
