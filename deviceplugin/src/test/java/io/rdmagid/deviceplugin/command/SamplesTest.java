package io.rdmagid.deviceplugin.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The recordings that people try the command with, and what the documentation shows of them. */
class SamplesTest {
  private static final Path SAMPLES = Path.of("../samples");

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    return RdmagidMain.run(new PrintWriter(out), new PrintWriter(err), arguments);
  }

  @Test
  void allAreSound() throws IOException {
    assertThat(run("explain", "-o", "json", "--recording", SAMPLES.toString()))
        .as(err.toString())
        .isZero();

    try (Stream<Path> files = Files.list(SAMPLES)) {
      assertThat(out.toString().lines()).hasSize((int) files.count());
    }
  }

  /** A block of the page that shows a command of one sample, some lines of its output left out. */
  @Test
  void thePageShowsWhatTheCommandPrints() throws IOException {
    List<String> page = Files.readAllLines(Path.of("../docs/command.md"));
    int command = page.indexOf("$ rdmagid explain --recording samples/mlx5-8-rails.json");
    List<String> block =
        page.subList(command + 2, command + page.subList(command, page.size()).indexOf("```") - 1);
    assertThat(block).hasSizeGreaterThan(10);

    int code = run("explain", "--recording", SAMPLES.resolve("mlx5-8-rails.json").toString());

    assertThat(code).as(err.toString()).isZero();
    assertThat(out.toString()).contains(String.join("\n", block));
  }
}
