package io.rdmagid.deviceplugin.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** Colours are for terminals: what a pipe gets is text. */
@Timeout(120)
class ToneTest {
  private static final String GREEN = "\u001b[32m";
  private static final String RED = "\u001b[31m";
  private static final String PLAIN = "\u001b[0m";

  private static List<String> show(Ansi ansi, String sample) {
    StringWriter out = new StringWriter();
    int code =
        new CommandLine(new ShowCommand())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setColorScheme(CommandLine.Help.defaultColorScheme(ansi))
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(new StringWriter()))
            .execute("--recording", "../samples/" + sample);
    assertThat(code).isZero();
    return out.toString().lines().toList();
  }

  @Test
  void theEntryToUseIsGreenAndWhatCannotBeReadIsRed() {
    List<String> lines = show(Ansi.ON, "provider-missing.json");

    assertThat(lines.getFirst()).startsWith("DEVICE");
    assertThat(lines)
        .filteredOn(line -> line.startsWith(GREEN))
        .singleElement()
        .asString()
        .contains("10.6.0.4")
        .endsWith("*" + PLAIN);
    assertThat(lines)
        .filteredOn(line -> line.startsWith(RED))
        .singleElement()
        .asString()
        .contains("irdma0")
        .endsWith(PLAIN);
  }

  /** By the program itself, on a terminal of script(1)'s and without one. */
  @Test
  void aTerminalGetsThemAndAPipeDoesNot() throws IOException, InterruptedException {
    String command =
        String.join(
            " ",
            Path.of(System.getProperty("java.home"), "bin/java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            RdmagidMain.class.getName(),
            "show --recording ../samples/rxe.json");

    assertThat(output("script", "-qec", command, "/dev/null")).contains(GREEN).contains(PLAIN);
    assertThat(output("sh", "-c", command)).contains("10.").doesNotContain("\u001b");
  }

  private static String output(String... command) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeAll(List.of("NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"));
    builder.environment().put("TERM", "xterm");
    Process process =
        builder.redirectInput(new File("/dev/null")).redirectErrorStream(true).start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(printed).isZero();
    return printed;
  }

  @Test
  void whatIsNoTerminalGetsNone() {
    assertThat(show(Ansi.AUTO, "rxe.json")).noneMatch(line -> line.contains("\u001b"));
    assertThat(show(Ansi.ON, "rxe.json"))
        .map(line -> line.replaceAll("\u001b\\[[0-9;]*m", ""))
        .isEqualTo(show(Ansi.AUTO, "rxe.json"));
  }
}
