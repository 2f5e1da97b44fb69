package io.rdmagid.e2e.workload;

import io.rdmagid.e2e.testbed.Kubectl;
import io.rdmagid.e2e.testbed.TestbedException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** A running kubectl whose lines are known with the time at which they came. Thread-safe. */
public final class KubectlWatch implements AutoCloseable {
  private final Process process;
  private final Consumer<String> listener;
  private final List<Line> lines = new ArrayList<>();
  private final Thread reader;

  /**
   * A line.
   *
   * @param nanos when it came, by {@link System#nanoTime}
   */
  private record Line(String text, long nanos) {}

  private KubectlWatch(Process process, Consumer<String> listener) {
    this.process = process;
    this.listener = listener;
    this.reader = Thread.ofPlatform().name("watch").daemon().start(this::read);
  }

  /** Starts kubectl, and prints what it prints. */
  public static KubectlWatch printing(Kubectl kubectl, String... arguments) {
    return start(kubectl, System.out::println, arguments);
  }

  /** Starts kubectl. */
  public static KubectlWatch quiet(Kubectl kubectl, String... arguments) {
    return start(kubectl, _ -> {}, arguments);
  }

  private static KubectlWatch start(
      Kubectl kubectl, Consumer<String> listener, String... arguments) {
    try {
      return new KubectlWatch(
          new ProcessBuilder(kubectl.words(List.of(arguments)))
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start(),
          listener);
    } catch (IOException e) {
      throw new TestbedException("kubectl did not start: " + e.getMessage(), e);
    }
  }

  /** Whether a line came for which this holds, from the given line on. */
  public synchronized boolean saw(int from, Predicate<String> line) {
    return lines.stream().skip(from).map(Line::text).anyMatch(line);
  }

  /** When the first line came for which this holds, at or after a time of the same clock. */
  public synchronized OptionalLong firstSince(long nanos, Predicate<String> line) {
    return lines.stream()
        .filter(candidate -> candidate.nanos() - nanos >= 0 && line.test(candidate.text()))
        .mapToLong(Line::nanos)
        .findFirst();
  }

  /** Whether more lines can come. */
  public boolean isRunning() {
    return process.isAlive();
  }

  /** How many lines came. */
  public synchronized int count() {
    return lines.size();
  }

  private void read() {
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        long nanos = System.nanoTime();
        listener.accept(line);
        synchronized (this) {
          lines.add(new Line(line, nanos));
        }
      }
    } catch (IOException e) {
      if (process.isAlive()) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      reader.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
