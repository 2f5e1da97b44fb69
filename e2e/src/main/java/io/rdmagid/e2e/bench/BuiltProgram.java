package io.rdmagid.e2e.bench;

import io.rdmagid.e2e.testbed.Checkout;
import io.rdmagid.e2e.testbed.TestbedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A program of this project that runs here, with the code of the last build. */
final class BuiltProgram {
  private static final Duration LONGEST_END = Duration.ofSeconds(30);

  private BuiltProgram() {}

  /**
   * The words of a command.
   *
   * @param flags of the JVM
   * @param classPath as the JVM takes it
   * @param main the class's name
   */
  static List<String> command(
      List<String> flags, String classPath, String main, String... options) {
    return Stream.of(
            Stream.of(Path.of(System.getProperty("java.home"), "bin/java").toString()),
            flags.stream(),
            Stream.of("-cp", classPath, main),
            Stream.of(options))
        .flatMap(words -> words)
        .toList();
  }

  /**
   * The flags that a pom gives the JVM of an image: the pattern's first group, apart by commas.
   *
   * @param missing is said where the pattern is not found
   */
  static List<String> flags(String pom, Pattern pattern, String missing) {
    Matcher flags = pattern.matcher(pom);
    if (!flags.find()) {
      throw new TestbedException(missing);
    }
    return List.of(flags.group(1).split(",", -1));
  }

  /** The text of a pom. */
  static String pom(String module) {
    try {
      return Files.readString(Checkout.root().resolve(module).resolve("pom.xml"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Asks it to end, and ends it when it does not. */
  static void end(Process process) {
    process.destroy();
    try {
      if (!process.waitFor(LONGEST_END.toSeconds(), TimeUnit.SECONDS)) {
        Process _ = process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Process _ = process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
