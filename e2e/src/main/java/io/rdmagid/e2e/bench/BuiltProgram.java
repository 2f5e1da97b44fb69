package io.rdmagid.e2e.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Commands that run a program of this project here, with the code of the last build. */
final class BuiltProgram {
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
}
