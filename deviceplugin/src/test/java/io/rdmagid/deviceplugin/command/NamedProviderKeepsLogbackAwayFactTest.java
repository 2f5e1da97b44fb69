package io.rdmagid.deviceplugin.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.deviceplugin.Recordings;
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
  void aCommandLoadsNoClassOfLogback(@TempDir Path folder) throws Exception {
    Path loaded = folder.resolve("loaded");
    Process command =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-Xlog:class+load:file=" + loaded,
                "-cp",
                System.getProperty("java.class.path"),
                RdmagidMain.class.getName(),
                "show",
                "--recording",
                Recordings.twoPorts().toString())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    String told = new String(command.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(command.waitFor()).isZero();
    assertThat(told).doesNotContain("SLF4J");
    assertThat(Files.readString(loaded))
        .contains(RdmagidMain.class.getName(), "org.slf4j.LoggerFactory")
        .doesNotContain("ch.qos.logback");
  }
}
