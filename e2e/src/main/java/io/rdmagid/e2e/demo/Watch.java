package io.rdmagid.e2e.demo;

import io.rdmagid.e2e.testbed.Kubectl;
import io.rdmagid.e2e.testbed.TestbedException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** A running {@code kubectl get --watch} whose lines are printed as they come. */
final class Watch implements AutoCloseable {
  private final Process process;
  private final List<String> lines = new ArrayList<>();
  private final Thread reader;

  private Watch(Process process) {
    this.process = process;
    this.reader = Thread.ofPlatform().name("watch").daemon().start(this::read);
  }

  /** Starts kubectl, and prints what it prints. */
  static Watch start(Kubectl kubectl, String... arguments) {
    try {
      return new Watch(
          new ProcessBuilder(kubectl.words(List.of(arguments)))
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start());
    } catch (IOException e) {
      throw new TestbedException("kubectl did not start: " + e.getMessage(), e);
    }
  }

  /** Whether a line came for which this holds, from the given line on. */
  synchronized boolean saw(int from, Predicate<String> line) {
    return lines.stream().skip(from).anyMatch(line);
  }

  /** How many lines came. */
  synchronized int count() {
    return lines.size();
  }

  private void read() {
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        System.out.println(line);
        synchronized (this) {
          lines.add(line);
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
