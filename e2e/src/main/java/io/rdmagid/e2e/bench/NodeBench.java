package io.rdmagid.e2e.bench;

import io.rdmagid.e2e.agent.AgentInstallation;
import io.rdmagid.e2e.testbed.Command;
import io.rdmagid.e2e.testbed.Node;
import io.rdmagid.e2e.testbed.Poll;
import io.rdmagid.e2e.testbed.Progress;
import io.rdmagid.e2e.testbed.Testbed;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What is measured with a real kernel: on a node of the test cluster, by the agent's image, with
 * software RoCE and its 1,024 slots. The node is emulated, so that times mean nothing: all figures
 * are ratios of what ran in turn.
 */
final class NodeBench {
  private static final String NETDEV = "dummy0";
  private static final String DEVICE = "rxe2";
  private static final int ADDRESSES = 1000;
  private static final int ROUNDS = 11;
  private static final int SAMPLES = 30;
  private static final int CHANGES = 80;

  /** A hang guard: a thousand addresses take seconds. */
  private static final Duration SETTLED = Duration.ofMinutes(5);

  private static final String LAST = "10.91.255.1";
  private static final String GID_TABLE = BenchPod.ON_NODE + "/gid-table";

  private final Testbed testbed;
  private final Node node;
  private final BenchPrograms programs;
  private final AgentJvm jvm;

  NodeBench(Testbed testbed, BenchPrograms programs, AgentJvm jvm) {
    this.testbed = testbed;
    this.node = testbed.nodeA();
    this.programs = programs;
    this.jvm = jvm;
  }

  Chapter run() {
    Progress.step("installing", Duration.ofSeconds(150), () -> AgentInstallation.install(testbed));
    List<ReadRounds> reads = new ArrayList<>();
    List<Times> events = new ArrayList<>();
    List<Figure> footprint = new ArrayList<>();
    removeAddresses();
    Progress.step(
        "watching the agent", Duration.ofMinutes(10), () -> footprint.addAll(watchAgent()));
    bring();
    int before = entries();
    try {
      Progress.step("reading a table", Duration.ofMinutes(1), () -> reads.add(read()));
      Progress.step(
          "filling the table",
          Duration.ofMinutes(1),
          () -> {
            fill();
            awaitEntries(before + ADDRESSES);
          });
      Progress.step("reading it again", Duration.ofMinutes(2), () -> reads.add(read()));
      removeAddresses();
      awaitEntries(before);
      Progress.step("observing changes", Duration.ofSeconds(150), () -> events.add(observe()));
    } finally {
      removeAddresses();
    }
    return chapter(reads.getFirst(), reads.getLast(), events.getFirst(), footprint);
  }

  private Chapter chapter(ReadRounds few, ReadRounds full, Times events, List<Figure> footprint) {
    List<Figure> figures = new ArrayList<>(footprint);
    for (ReadRounds reads : List.of(few, full)) {
      String where =
          "emulated node, software RoCE, %,d of 1,024 slots filled, %d rounds in turn"
              .formatted(reads.entries(), reads.rounds().size());
      figures.add(
          new Figure(
              "the call from Java, against the same call from C",
              reads.median(round -> round.jvm() / round.c()),
              Unit.TIMES,
              new Bar.AtMost(1.05),
              where));
      figures.add(
          new Figure(
              "the walk through sysfs from C, against the call from Java",
              reads.median(round -> round.walk() / round.jvm()),
              Unit.TIMES,
              new Bar.AtLeast(1000),
              where));
      figures.add(
          Figure.of(
              "the walk through sysfs from C, against the call with its records",
              reads.median(round -> round.walk() / round.read()),
              Unit.TIMES,
              where));
      figures.add(
          Figure.of(
              "the call with its records, against the call from C",
              reads.median(round -> round.read() / round.c()),
              Unit.TIMES,
              where));
      figures.add(
          Figure.of("Java heap that a reading takes", reads.allocatedBytes(), Unit.BYTES, where));
    }
    String observed =
        "the same node, %d changes, beside the agent".formatted(events.nanos().size());
    double c = few.median(ReadRounds.Round::c);
    figures.add(
        Figure.of(
            "event to diff, p50, against the call from C",
            events.median() / c,
            Unit.TIMES,
            observed));
    figures.add(
        Figure.of(
            "event to diff, p99, against the call from C", events.p99() / c, Unit.TIMES, observed));
    return new Chapter("node", "make bench", figures, plot(few, full));
  }

  /** Idle, first without allocations, then with as many as {@link CrowdedPort} has. */
  private List<Figure> watchAgent() {
    Footprint none = Footprint.measure(node);
    try (CrowdedPort _ = CrowdedPort.of(testbed.kubectl(), node)) {
      return Footprint.figures(none, Footprint.measure(node), CrowdedPort.CONTAINERS);
    }
  }

  private static BarPlot plot(ReadRounds few, ReadRounds full) {
    List<BarPlot.Row> rows = new ArrayList<>();
    for (ReadRounds reads : List.of(few, full)) {
      String slots = ", %,d entries".formatted(reads.entries());
      rows.add(new BarPlot.Row("call from C" + slots, 1));
      rows.add(
          new BarPlot.Row(
              "call from Java" + slots, reads.median(round -> round.jvm() / round.c())));
      rows.add(
          new BarPlot.Row(
              "call and records" + slots, reads.median(round -> round.read() / round.c())));
      rows.add(
          new BarPlot.Row("sysfs from C" + slots, reads.median(round -> round.walk() / round.c())));
    }
    return new BarPlot(
        "One reading of a table of 1,024 slots",
        "time, the call from C being 1, logarithmic",
        Unit.TIMES,
        rows);
  }

  /** Puts the programs where a pod can mount them: out of the folder that the nodes share. */
  private void bring() {
    Path share = testbed.folder().resolve("share/bench");
    String _ = Command.of("rm", "-rf", share.toString()).sh();
    String _ = Command.of("mkdir", share.toString()).sh();
    String _ =
        Command.of(
                "cp",
                "-r",
                programs.gidTable().toString(),
                programs.classes().toString(),
                share.toString())
            .sh();
    String _ = node.sh("rm -rf %1$s && cp -r /share/bench %1$s".formatted(BenchPod.ON_NODE));
  }

  private ReadRounds read() {
    List<String> arguments =
        List.of(
            "/sys",
            "/dev/infiniband",
            DEVICE,
            BenchPod.FOLDER + "/gid-table",
            Integer.toString(ROUNDS),
            Integer.toString(SAMPLES),
            "1");
    try (BenchPod pod = start("ReadBench", arguments)) {
      return ReadRounds.parse(pod.awaitEnd());
    }
  }

  private BenchPod start(String main, List<String> arguments) {
    return BenchPod.start(
        testbed.kubectl(),
        node,
        jvm.command(
            "/opt/java/bin/java", BenchPod.FOLDER + "/classes:/app/libs/*", main, arguments));
  }

  private void fill() {
    String _ =
        node.run(
                "i=0; while [ $i -lt %d ]; do echo addr add 10.90.$((i / 250)).$((i %% 250 + 1))/32 dev %s; i=$((i + 1)); done | ip -batch -"
                    .formatted(ADDRESSES, NETDEV),
                SETTLED)
            .orThrow("giving " + NETDEV + " addresses");
  }

  /** The table follows the addresses by itself, a moment later. */
  private void awaitEntries(int count) {
    Poll.until(
        "a table of %,d entries".formatted(count),
        SETTLED,
        () -> entries() == count,
        () -> "it has " + entries());
  }

  /** How many slots are filled. */
  private int entries() {
    String answer = node.sh("echo table 1 1 | %s %s 1024 /sys".formatted(GID_TABLE, DEVICE));
    return Integer.parseInt(answer.substring(0, answer.indexOf(' ')));
  }

  /** Addresses that come and go, far enough apart that each change is read at once. */
  private Times observe() {
    List<String> arguments = List.of("/sys", "/dev/infiniband", "::ffff:" + LAST);
    try (BenchPod pod = start("EventBench", arguments)) {
      pod.awaitLine("bench ready");
      String _ =
          node.run(
                  "i=1; while [ $i -le %1$d ]; do for w in add del; do ip addr $w 10.91.0.$i/32 dev %2$s; sleep 1; done; i=$((i + 1)); done; ip addr add %3$s/32 dev %2$s"
                      .formatted(CHANGES / 2, NETDEV, LAST),
                  SETTLED)
              .orThrow("changing addresses of " + NETDEV);
      return Times.ofChanges(pod.awaitEnd());
    }
  }

  private void removeAddresses() {
    String _ =
        node.run("ip -l 0 addr flush dev %s to 10.90.0.0/15".formatted(NETDEV), SETTLED)
            .orThrow("taking the addresses from " + NETDEV);
  }
}
