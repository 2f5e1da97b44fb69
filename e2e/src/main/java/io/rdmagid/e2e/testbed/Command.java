package io.rdmagid.e2e.testbed;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/**
 * A command of this machine that ends by itself; whoever runs it waits for it, and it is killed at
 * its limit.
 */
public record Command(
    List<String> words, Path directory, Map<String, String> environment, Duration limit) {
  // As timeout(1) does it.
  private static final int TIMED_OUT = 124;
  private static final Duration LIMIT = Duration.ofMinutes(2);

  public Command {
    words = List.copyOf(words);
    environment = Map.copyOf(environment);
  }

  public static Command of(List<String> words) {
    return new Command(words, Path.of("/"), Map.of(), LIMIT);
  }

  public static Command of(String... words) {
    return of(List.of(words));
  }

  public Command in(Path folder) {
    return new Command(words, folder, environment, limit);
  }

  public Command with(Map<String, String> variables) {
    return new Command(words, directory, variables, limit);
  }

  public Command within(Duration time) {
    return new Command(words, directory, environment, time);
  }

  /** Runs it, and throws if it fails. */
  public String sh() {
    return run().orThrow(String.join(" ", words));
  }

  public Output run() {
    ProcessBuilder builder = new ProcessBuilder(words).directory(directory.toFile());
    builder.environment().putAll(environment);
    builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    try {
      Process process = builder.start();
      try {
        return await(process);
      } finally {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      throw new TestbedException(words.getFirst() + ": " + e.getMessage(), e);
    }
  }

  private Output await(Process process) {
    FutureTask<String> out = reading(process.getInputStream());
    FutureTask<String> err = reading(process.getErrorStream());
    try {
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        return new Output(TIMED_OUT, "", "not done after %d s".formatted(limit.toSeconds()));
      }
      return new Output(process.exitValue(), out.get(), err.get());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TestbedException("interrupted: " + String.join(" ", words), e);
    } catch (ExecutionException e) {
      throw new TestbedException(String.join(" ", words) + ": its output was cut off", e);
    }
  }

  private static FutureTask<String> reading(InputStream stream) {
    FutureTask<String> task = new FutureTask<>(() -> read(stream));
    Thread.startVirtualThread(task);
    return task;
  }

  private static String read(InputStream stream) {
    try (stream) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
