package io.rdmagid.deviceplugin.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** {@code e2e/bench/gid-table.c}, which reads the same table. One thread at a time. */
final class CProgram implements AutoCloseable {
  private final Process process;
  private final Writer questions;
  private final BufferedReader answers;

  /**
   * What it measured.
   *
   * @param entries how many the last reading gave
   * @param nanos of one reading, a value a sample
   */
  record Answer(long entries, List<Long> nanos) {
    Answer {
      nanos = List.copyOf(nanos);
    }
  }

  private CProgram(Process process) {
    this.process = process;
    questions = process.outputWriter(StandardCharsets.UTF_8);
    answers = process.inputReader(StandardCharsets.UTF_8);
  }

  /** Starts it; its error stream is ours. */
  static CProgram start(Path program, String device, int slots, Path sysfs) {
    try {
      return new CProgram(
          new ProcessBuilder(program.toString(), device, Integer.toString(slots), sysfs.toString())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads by the call. */
  Answer table(int samples, int readings) {
    return ask("table " + samples + " " + readings);
  }

  /** Reads by sysfs. */
  Answer walk(int samples) {
    return ask("walk " + samples);
  }

  private Answer ask(String question) {
    try {
      questions.write(question + "\n");
      questions.flush();
      String line = answers.readLine();
      if (line == null) {
        throw new IllegalStateException("the program in C ended at: " + question);
      }
      List<Long> numbers = Arrays.stream(line.split(" ", -1)).map(Long::valueOf).toList();
      return new Answer(numbers.getFirst(), numbers.subList(1, numbers.size()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroy();
  }
}
