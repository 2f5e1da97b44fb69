package io.rdmagid.deviceplugin.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * SLF4J takes the provider that a property names, says nothing of it, and does not so much as load
 * the one on the class path: with logback a command would take twice as long.
 */
class NamedProviderKeepsLogbackAwayFactTest {
  @Test
  void aCommandWithLoggersLoadsNoClassOfLogback(@TempDir Path folder)
      throws IOException, InterruptedException {
    Path loaded = folder.resolve("loaded");
    // Of the kernel: a recording is read by nothing that has a logger. Whether there is a device
    // does not matter.
    Process command =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xlog:class+load:file=" + loaded,
                "-cp",
                System.getProperty("java.class.path"),
                RdmagidMain.class.getName(),
                "show")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    String told = new String(command.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    int _ = command.waitFor();

    assertThat(told).doesNotContain("SLF4J");
    assertThat(Files.readString(loaded))
        .contains(RdmagidMain.class.getName(), "org.slf4j.LoggerFactory")
        .doesNotContain("ch.qos.logback");
  }
}
