package io.rdmagid.deviceplugin.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompletionCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    return RdmagidMain.run(new PrintWriter(out), new PrintWriter(err), arguments);
  }

  /** The script in a real bash, asked as a press of the tab key asks it. */
  @Test
  void bashCompletesCommandsAndOptions(@TempDir Path folder) throws IOException {
    assertThat(run("completion", "bash")).as(err.toString()).isZero();
    Path script = Files.writeString(folder.resolve("rdmagid.bash"), out.toString());

    assertThat(bash(script, "rdmagid", "ex")).contains("explain");
    assertThat(bash(script, "rdmagid", "find", "--n")).contains("--netdev");
  }

  /** The script of bash, by what zsh has to run such scripts. */
  @Test
  void zshTurnsOnTheCompletionsOfBashBeforeItIsToldOfThem() {
    assertThat(run("completion", "zsh")).as(err.toString()).isZero();

    assertThat(out.toString().lines().map(String::strip).toList())
        .containsSubsequence(
            "if [ -n \"$BASH_VERSION\" ]; then",
            "shopt -s progcomp",
            "elif [ -n \"$ZSH_VERSION\" ]; then",
            "alias compopt=complete",
            "autoload -U +X compinit && compinit",
            "autoload -U +X bashcompinit && bashcompinit",
            "fi",
            "complete -F _complete_rdmagid -o default rdmagid rdmagid.sh rdmagid.bash");
  }

  @Test
  void fishIsToldOfCommandsOptionsAndValues() {
    assertThat(run("completion", "fish")).as(err.toString()).isZero();

    assertThat(out.toString().lines())
        .contains("complete -c rdmagid -f")
        .anyMatch(line ->
            line.startsWith("complete -c rdmagid -n __fish_use_subcommand -a explain -d 'Explains"))
        .anyMatch(line ->
            line.startsWith(
                "complete -c rdmagid -n '__fish_seen_subcommand_from show' -s o -l output"
                    + " -x -a 'table wide json yaml jsonl' -d '"))
        .anyMatch(line ->
            line.startsWith(
                "complete -c rdmagid -n '__fish_seen_subcommand_from show' -l recording -r -F"));
  }

  @Test
  void anotherShellIsRefused() {
    assertThat(run("completion", "tcsh")).isEqualTo(2);
  }

  private static String bash(Path script, String... words) throws IOException {
    String ask =
        "source %s; COMP_WORDS=(%s); COMP_CWORD=%d; COMP_LINE='%s'; "
                .formatted(
                    script, String.join(" ", words), words.length - 1, String.join(" ", words))
            + "$(complete -p rdmagid | sed 's/.*-F \\([^ ]*\\) .*/\\1/'); echo \"${COMPREPLY[@]}\"";
    Process process = new ProcessBuilder("bash", "-c", ask).redirectErrorStream(true).start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }
}
