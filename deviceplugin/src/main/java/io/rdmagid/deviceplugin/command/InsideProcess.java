package io.rdmagid.deviceplugin.command;

import io.rdmagid.deviceplugin.observe.NamespaceReading;
import io.rdmagid.deviceplugin.observe.OneReading;
import io.rdmagid.terminal.ExitCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Reads from inside a network namespace by a process of this program that moves there ({@link
 * ReadInNamespaceCommand}) and writes what it finds: a thread of this one that moved could take
 * others with it.
 */
final class InsideProcess implements NamespaceReading.Inside {
  /** Reading takes milliseconds and a JVM's start seconds at most: longer means that it hangs. */
  private static final Duration LONGEST = Duration.ofMinutes(2);

  private final List<String> command;

  /** By the Java and the class path of this process. */
  InsideProcess() {
    this(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            RdmagidMain.class.getName(),
            ReadInNamespaceCommand.NAME));
  }

  /**
   * By another command.
   *
   * @param command gets the namespace's file as one more argument
   */
  InsideProcess(List<String> command) {
    this.command = List.copyOf(command);
  }

  @Override
  public OneReading.Result read(Path namespace) {
    List<String> line = new ArrayList<>(command);
    line.add(namespace.toString());
    try {
      return read(line);
    } catch (IOException e) {
      return new OneReading.Result.Refused("the process that reads inside cannot be run: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new OneReading.Result.Refused("interrupted while another process read inside");
    }
  }

  /** Files in place of pipes: neither can fill up while the other is read. */
  private static OneReading.Result read(List<String> line)
      throws IOException, InterruptedException {
    Path out = Files.createTempFile("rdmagid", ".json");
    Path err = Files.createTempFile("rdmagid", ".err");
    try {
      Process process =
          new ProcessBuilder(line)
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile())
              .start();
      if (!process.waitFor(LONGEST.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        return new OneReading.Result.Refused(
            "the process that reads inside has not ended in " + LONGEST.toSeconds() + " s");
      }
      return result(process.exitValue(), text(out), text(err).lines().toList());
    } finally {
      Files.delete(out);
      Files.delete(err);
    }
  }

  /**
   * What became of it.
   *
   * @param code how it ended
   * @param document what it wrote, empty if nothing could be read
   * @param told what it told people, a sentence each
   */
  static OneReading.Result result(int code, String document, List<String> told) {
    // What else stands there is the JVM's, such as a note on JAVA_TOOL_OPTIONS.
    List<String> sentences =
        told.stream()
            .filter(line -> line.startsWith(Source.PREFIX))
            .map(line -> line.substring(Source.PREFIX.length()))
            .toList();
    if (!document.isBlank()) {
      return NamespaceReading.result(document, sentences);
    }
    if (sentences.isEmpty()) {
      return new OneReading.Result.Refused(
          "the process that reads inside ended with code "
              + code
              + told.stream().map(line -> "; " + line).collect(Collectors.joining()));
    }
    return code == ExitCode.USAGE
        ? new OneReading.Result.Invalid(sentences)
        : new OneReading.Result.Refused(String.join("; ", sentences));
  }

  private static String text(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8);
  }
}
