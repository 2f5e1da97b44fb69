package io.rdmagid.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code deploy/command/rdmagid}, as it stands in dist/bin beside what finds a JDK. */
class CommandLauncherTest {
  private static final String NO_JDK = "rdmagid: no JDK 25 found: install one";

  @TempDir Path folder;
  private Path bin;
  private Path launcher;

  @BeforeEach
  void dist() throws IOException {
    bin = Files.createDirectory(folder.resolve("bin"));
    launcher = script(bin.resolve("rdmagid"), Files.readString(Path.of("command/rdmagid")));
  }

  @Test
  void withoutAJdkTheSystemRefuses() throws IOException, InterruptedException {
    Path _ = script(bin.resolve("java-home"), "#!/bin/sh\necho '" + NO_JDK + "' >&2\nexit 1\n");

    assertThat(run()).isEqualTo(new Output(3, NO_JDK + "\n"));
  }

  @Test
  void theCommandsOwnEndIsPassedOn() throws IOException, InterruptedException {
    Path _ = script(bin.resolve("java-home"), "#!/bin/sh\necho '" + folder + "/jdk'\n");
    Path java = Files.createDirectories(folder.resolve("jdk/bin")).resolve("java");
    Path _ = script(java, "#!/bin/sh\nfor word; do :; done\necho \"$word\"\nexit 1\n");

    assertThat(run("show", "last word")).isEqualTo(new Output(1, "last word\n"));
  }

  private record Output(int code, String text) {}

  private Output run(String... words) throws IOException, InterruptedException {
    String[] command = new String[words.length + 1];
    command[0] = launcher.toString();
    System.arraycopy(words, 0, command, 1, words.length);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Output(process.waitFor(), text);
  }

  private static Path script(Path file, String text) throws IOException {
    Path _ = Files.writeString(file, text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
