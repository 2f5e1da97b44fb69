package io.rdmagid.e2e.bench;

import io.rdmagid.e2e.testbed.Command;
import io.rdmagid.e2e.testbed.ManagementEndpoint;
import io.rdmagid.e2e.testbed.Poll;
import io.rdmagid.e2e.testbed.TestbedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An operator as its image runs it, as a process of this machine. Whoever starts it closes it. */
final class MeasuredOperator implements AutoCloseable {
  private static final String ADDRESS = "127.0.0.1:9868";
  private static final Duration READY = Duration.ofMinutes(10);
  private static final Duration QUIET = Duration.ofMinutes(10);

  /** What an operator takes for timers and leases while nothing happens is far less. */
  private static final double QUIET_SHARE = 0.1;

  private static final Duration SAMPLE = Duration.ofSeconds(4);
  private static final double TICKS_A_SECOND = 100;
  private static final Pattern TOTAL = Pattern.compile("(?m)^Total +\\d+ +(\\d+)");
  private static final Pattern PSS = Pattern.compile("(?m)^Pss: +(\\d+) kB");
  private static final Pattern PEAK = Pattern.compile("(?m)^VmHWM:\\s+(\\d+) kB");

  private final Process process;
  private final Path log;
  private final Path folder;

  private MeasuredOperator(Process process, Path log, Path folder) {
    this.process = process;
    this.log = log;
    this.folder = folder;
  }

  /**
   * Starts it.
   *
   * @param folder gets its log and what its heap holds
   * @param namespace of its Lease and the agents
   */
  static MeasuredOperator start(Path folder, Path kubeconfig, String namespace) {
    Path log = folder.resolve("operator.log");
    List<String> words =
        OperatorJvm.ofImage()
            .command(
                "--management-address=" + ADDRESS,
                "--leader-election-namespace=" + namespace,
                "--failover=true");
    ProcessBuilder builder =
        new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().putAll(Map.of("KUBECONFIG", kubeconfig.toString(), "HOSTNAME", "bench"));
    try {
      return new MeasuredOperator(builder.start(), log, folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until it has read everything. */
  void awaitReady() {
    ManagementEndpoint management = new ManagementEndpoint(ADDRESS);
    Poll.until(
        "the operator to be ready",
        READY,
        () -> {
          requireAlive();
          return management.isReady();
        },
        () -> "see " + log);
  }

  /** Waits until it has looked at everything: it takes hardly any of a processor for a while. */
  void awaitQuiet() {
    Poll.until(
        "the operator to rest",
        QUIET,
        () -> {
          requireAlive();
          long before = ticks();
          Pause.of(SAMPLE);
          return (ticks() - before) / TICKS_A_SECOND < QUIET_SHARE * SAMPLE.toSeconds();
        },
        () -> "see " + log);
  }

  private void requireAlive() {
    if (!process.isAlive()) {
      throw new TestbedException("the operator ended; see " + log);
    }
  }

  private long ticks() {
    String stat = read("stat");
    String[] words = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return Long.parseLong(words[11]) + Long.parseLong(words[12]);
  }

  /** Its memory now, what it shares with others in part. */
  double pssBytes() {
    return kibibytes(PSS, "smaps_rollup");
  }

  /** The most that it had in memory at any time, all that it shares with others included. */
  double peakBytes() {
    return kibibytes(PEAK, "status");
  }

  private double kibibytes(Pattern pattern, String file) {
    Matcher found = pattern.matcher(read(file));
    if (!found.find()) {
      throw new TestbedException("no " + pattern + " in /proc/PID/" + file);
    }
    return 1024.0 * Long.parseLong(found.group(1));
  }

  private String read(String file) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(process.pid()), file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What its heap holds after a full collection; classes and their counts go into its folder. */
  double liveBytes() {
    String histogram =
        Command.of(
                Path.of(System.getProperty("java.home"), "bin/jcmd").toString(),
                Long.toString(process.pid()),
                "GC.class_histogram")
            .sh();
    Matcher total = TOTAL.matcher(histogram);
    if (!total.find()) {
      throw new TestbedException("the operator's heap has no total: " + histogram);
    }
    try {
      Files.writeString(folder.resolve("operator-heap.txt"), histogram);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Double.parseDouble(total.group(1));
  }

  @Override
  public void close() {
    BuiltProgram.end(process);
  }
}
