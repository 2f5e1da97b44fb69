package io.rdmagid.e2e.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A process that outlives the JVM that started it, recorded in {@code DIR/NAME.pid} as its pid and
 * its start time, so that a later JVM finds exactly this process and never one that got its pid
 * since. Whoever owns the folder stops it.
 */
record Daemon(Path directory, String name) {
  private static final Duration GRACE = Duration.ofSeconds(10);

  private record Recorded(long pid, String started) {}

  /** Starts it in a session of its own, with its output in {@code DIR/NAME.log}. */
  void start(List<String> command) {
    List<String> words = new ArrayList<>(List.of("setsid"));
    words.addAll(command);
    try {
      Process process =
          new ProcessBuilder(words)
              .directory(directory.toFile())
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
              .start();
      String started =
          startTime(process.pid())
              .orElseThrow(() -> new TestbedException(name + " ended at once; see " + log()));
      Files.writeString(record(), process.pid() + " " + started);
    } catch (IOException e) {
      throw new TestbedException("starting " + name + ": " + e.getMessage(), e);
    }
  }

  Path log() {
    return directory.resolve(name + ".log");
  }

  boolean isAlive() {
    return recorded().isPresent();
  }

  /** Whether it runs in the network namespace of this JVM. */
  boolean isHere() {
    return recorded()
        .map(found -> namespace("" + found.pid).equals(namespace("self")))
        .orElse(false);
  }

  /** Asks it to end, and ends it when it does not. */
  void stop() {
    signal("TERM");
    if (!Poll.holds(GRACE, () -> !isAlive())) {
      kill();
    }
    forget();
  }

  /** Ends it without asking: what it had not written is lost, and its connections are reset. */
  void kill() {
    signal("KILL");
    Poll.until(name + " to end", GRACE, () -> !isAlive(), () -> "it is in the kernel's hands");
    forget();
  }

  private void signal(String signal) {
    // Its exit status does not count: the process may have ended since.
    recorded().ifPresent(found -> Command.of("kill", "-" + signal, Long.toString(found.pid)).run());
  }

  private void forget() {
    try {
      Files.deleteIfExists(record());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path record() {
    return directory.resolve(name + ".pid");
  }

  /** The process that was recorded, if it still runs. */
  private Optional<Recorded> recorded() {
    try {
      if (!Files.exists(record())) {
        return Optional.empty();
      }
      String[] fields = Files.readString(record()).strip().split(" ", -1);
      long pid = Long.parseLong(fields[0]);
      return startTime(pid)
          .filter(started -> fields.length == 2 && started.equals(fields[1]))
          .map(started -> new Recorded(pid, started));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Field 22 of the process's stat with the boot that it counts from; nothing for one that has
   * ended.
   */
  private static Optional<String> startTime(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      // The name, in parentheses, may have spaces and parentheses in it.
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      if (fields[0].equals("Z")) {
        return Optional.empty();
      }
      String boot = Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
      return Optional.of(boot + "/" + fields[19]);
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  private static String namespace(String process) {
    try {
      return Files.readSymbolicLink(Path.of("/proc", process, "ns", "net")).toString();
    } catch (IOException _) {
      return "";
    }
  }
}
