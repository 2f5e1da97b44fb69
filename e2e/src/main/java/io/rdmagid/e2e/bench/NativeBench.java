package io.rdmagid.e2e.bench;

import io.rdmagid.e2e.testbed.Checkout;
import io.rdmagid.e2e.testbed.Command;
import io.rdmagid.e2e.testbed.Progress;
import io.rdmagid.e2e.testbed.TestbedException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What is measured on this machine, without RDMA: the command with a recording, and reading and
 * observing by a libibverbs of the bench's own.
 */
final class NativeBench {
  private static final int ROUNDS = 15;
  private static final int SAMPLES = 200;
  private static final int EVENTS = 200;
  private static final int CONTAINERS = 500;
  private static final int MOVES = 100;
  private static final int MOST_CONTAINERS = 100;

  /** Only a hang reaches it. */
  private static final Duration READING = Duration.ofMinutes(10);

  /**
   * So long that each change is read at once, and is again after one that came late: where changes
   * keep coming, less than 100 ms apart, they are gathered, in the end for a second.
   */
  private static final Duration BETWEEN = Duration.ofMillis(400);

  private final BenchPrograms programs;
  private final AgentJvm jvm;
  private final String where =
      "native, %d processors".formatted(Runtime.getRuntime().availableProcessors());

  NativeBench(BenchPrograms programs, AgentJvm jvm) {
    this.programs = programs;
    this.jvm = jvm;
  }

  Chapter run() {
    List<Times> show = new ArrayList<>();
    List<ReadRounds> reads = new ArrayList<>();
    List<Times> events = new ArrayList<>();
    Progress.step("rdmagid show", Duration.ofSeconds(10), () -> show.add(ShowTimes.measure()));
    Progress.step(
        "reading tables",
        Duration.ofSeconds(70),
        () -> reads.addAll(List.of(read(3), read(StubDevice.SLOTS))));
    Progress.step("observing changes", Duration.ofSeconds(85), () -> events.add(observe()));
    List<Figure> allocations = new ArrayList<>();
    Progress.step(
        "allocating, scope Host",
        Duration.ofSeconds(30),
        () -> allocations.addAll(allocate("scope Host", List.of())));
    Progress.step(
        "allocating, scope Pod",
        Duration.ofSeconds(60),
        () -> allocations.addAll(allocateToPods()));
    return chapter(
        show.getFirst(), reads.getFirst(), reads.getLast(), events.getFirst(), allocations);
  }

  private Chapter chapter(
      Times show, ReadRounds few, ReadRounds full, Times events, List<Figure> allocations) {
    List<Figure> figures = new ArrayList<>();
    figures.add(
        new Figure(
            "`rdmagid show` of a recording of 8 ports, start to exit, median",
            show.median(),
            Unit.NANOSECONDS,
            new Bar.AtMost(400e6),
            where + ", %d processes".formatted(ShowTimes.PROCESSES)));
    String observed =
        stub(few.entries())
            + ", %d changes, the first ones included".formatted(events.nanos().size());
    figures.add(Figure.of("event to diff, p50", events.median(), Unit.NANOSECONDS, observed));
    figures.add(Figure.of("event to diff, p99", events.p99(), Unit.NANOSECONDS, observed));
    for (ReadRounds reads : List.of(few, full)) {
      String stub = stub(reads.entries());
      figures.add(
          Figure.of(
              "the call costs more from Java than from C, by",
              reads.median(round -> round.jvm() - round.c()),
              Unit.NANOSECONDS,
              stub));
      figures.add(
          Figure.of(
              "the call with its records",
              reads.median(ReadRounds.Round::read),
              Unit.NANOSECONDS,
              stub));
      figures.add(
          Figure.of("Java heap that a reading takes", reads.allocatedBytes(), Unit.BYTES, stub));
    }
    figures.addAll(allocations);
    return new Chapter("native", "make bench-native", figures, plot(show, few, full, events));
  }

  private static BarPlot plot(Times show, ReadRounds few, ReadRounds full, Times events) {
    return new BarPlot(
        "Times on a machine without RDMA",
        "time, logarithmic; the calls are those of a libibverbs without a kernel behind it",
        Unit.NANOSECONDS,
        List.of(
            new BarPlot.Row("call from C, 3 of 1,024 slots", few.median(ReadRounds.Round::c)),
            new BarPlot.Row("call from Java, 3 slots", few.median(ReadRounds.Round::jvm)),
            new BarPlot.Row("call and records, 3 slots", few.median(ReadRounds.Round::read)),
            new BarPlot.Row("call from C, all slots", full.median(ReadRounds.Round::c)),
            new BarPlot.Row("call from Java, all slots", full.median(ReadRounds.Round::jvm)),
            new BarPlot.Row("call and records, all slots", full.median(ReadRounds.Round::read)),
            new BarPlot.Row("event to diff, p50", events.median()),
            new BarPlot.Row("event to diff, p99", events.p99()),
            new BarPlot.Row("rdmagid show, 8 ports", show.median())));
  }

  private String stub(long entries) {
    return where
        + "; libibverbs of the bench's own, %,d of %,d slots filled"
            .formatted(entries, StubDevice.SLOTS);
  }

  private ReadRounds read(int filled) {
    StubDevice device = device("reads-" + filled, filled);
    List<String> arguments =
        List.of(
            device.sysfs().toString(),
            device.deviceNodes().toString(),
            "rxe0",
            programs.gidTable().toString(),
            Integer.toString(ROUNDS),
            Integer.toString(SAMPLES),
            "0");
    return ReadRounds.parse(
        Command.of(java("ReadBench", arguments)).with(device.environment()).within(READING).sh());
  }

  private List<Figure> allocateToPods() {
    try (PodNamespaces namespaces = PodNamespaces.of(MOST_CONTAINERS)) {
      List<String> pods = new ArrayList<>(List.of(PodNamespaces.NETDEV));
      namespaces.files().forEach(file -> pods.add(file.toString()));
      return allocate("scope Pod, by macvlan", pods);
    }
  }

  private List<Figure> allocate(String scope, List<String> pods) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                programs.emptied("allocations").toString(),
                Integer.toString(CONTAINERS),
                Integer.toString(MOVES)));
    arguments.addAll(pods);
    String printed = Command.of(java("AllocationBench", arguments)).within(READING).sh();
    List<Figure> figures = new ArrayList<>();
    Times hook = Times.printed(printed, "bench hook=");
    String created =
        where
            + ", %d containers of a pool with %s, the first ones included"
                .formatted(CONTAINERS, scope);
    figures.add(
        Figure.of("CreateContainer to answer, p50", hook.median(), Unit.NANOSECONDS, created));
    figures.add(
        new Figure(
            "CreateContainer to answer, p99",
            hook.p99(),
            Unit.NANOSECONDS,
            new Bar.AtMost(50e6),
            created));
    String moved = where + ", %d moves of the index, %s".formatted(MOVES, scope);
    for (String what : List.of("files", "records")) {
      for (int allocations : List.of(1, 10, MOST_CONTAINERS)) {
        Times times = Times.printed(printed, "bench %s=%d ".formatted(what, allocations));
        String last =
            "a reading to the last of the %s of %d containers, ".formatted(what, allocations);
        figures.add(Figure.of(last + "p50", times.median(), Unit.NANOSECONDS, moved));
        figures.add(Figure.of(last + "p99", times.p99(), Unit.NANOSECONDS, moved));
      }
    }
    return figures;
  }

  private Times observe() {
    StubDevice device = device("events", 3);
    List<String> arguments =
        List.of(device.sysfs().toString(), device.deviceNodes().toString(), "::ffff:10.92.0.1");
    ProcessBuilder builder =
        new ProcessBuilder(java("EventBench", arguments))
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().putAll(device.environment());
    try {
      Process process = builder.start();
      try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
        return observe(device, process, out);
      } finally {
        process.destroy();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Times observe(StubDevice device, Process process, BufferedReader out)
      throws IOException {
    String line = out.readLine();
    while (line != null && !line.equals("bench ready")) {
      line = out.readLine();
    }
    if (line == null) {
      throw new TestbedException("the observing bench ended before it was ready");
    }
    for (int i = 1; i <= EVENTS; i++) {
      Pause.of(BETWEEN);
      if (i == EVENTS) {
        device.put(2, 10, 92, 0, 1);
      } else {
        device.put(2, 10, 91, i / 250, i % 250 + 1);
      }
      if (!process.isAlive()) { // telling it would wait for a reader for ever
        throw new TestbedException("the observing bench ended before its last change");
      }
      device.tell();
    }
    StringBuilder printed = new StringBuilder();
    for (line = out.readLine(); line != null; line = out.readLine()) {
      printed.append(line).append('\n');
    }
    return Times.ofChanges(printed.toString());
  }

  private StubDevice device(String name, int filled) {
    return StubDevice.in(programs.folder().resolve(name), programs, filled);
  }

  private List<String> java(String main, List<String> arguments) {
    Path root = Checkout.root();
    return jvm.command(
        Path.of(System.getProperty("java.home"), "bin/java").toString(),
        programs.classes() + ":" + root.resolve("dist/lib") + "/*",
        main,
        arguments);
  }
}
