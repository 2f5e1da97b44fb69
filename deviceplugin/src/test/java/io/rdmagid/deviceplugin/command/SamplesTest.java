package io.rdmagid.deviceplugin.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.deviceplugin.Recordings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The recordings that people try the command with, and what the documentation shows of them. */
class SamplesTest {
  private static final Path SAMPLES = Path.of("../samples");
  private static final Path PICKS = Path.of("src/test/resources/samples/picks.jsonl");

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    return RdmagidMain.run(new PrintWriter(out), new PrintWriter(err), arguments);
  }

  /**
   * What rdmagid and the libraries take in each sample, a line a port. {@code
   * -Drdmagid.generate=true} writes the file anew.
   */
  @Test
  void thePicksAreThoseOfTheFile() throws IOException {
    StringBuilder picks = new StringBuilder();
    for (Path sample : Recordings.samples()) {
      out.getBuffer().setLength(0);
      assertThat(run("explain", "-o", "jsonl", "--recording", sample.toString()))
          .as(err.toString())
          .isZero();
      picks.append(out.toString().replace(sample.toString(), sample.getFileName().toString()));
    }
    if (Boolean.getBoolean("rdmagid.generate")) {
      Path _ = Files.writeString(PICKS, picks);
    }

    assertThat(err.toString()).startsWith("rdmagid: irdma0: no provider library").hasLineCount(1);
    assertThat(picks.toString()).isEqualTo(Files.readString(PICKS));
  }

  @Test
  void theDeviceWithoutAProviderIsShown() {
    String sample = SAMPLES.resolve("provider-missing.json").toString();

    assertThat(run("show", "--recording", sample)).isZero();

    assertThat(out.toString().lines().toList())
        .anySatisfy(line -> assertThat(line).startsWith("irdma0 ").contains(" unread "));
    assertThat(err.toString())
        .contains("irdma0: no provider library for it", "install ibverbs-providers");
    assertThat(run("show", "-o", "json", "--recording", sample)).isZero();
    assertThat(out.toString())
        .contains("\"unread\":[{\"device\":\"irdma0\",\"cause\":\"NoProvider\"");
  }

  @Test
  void theReadmeNamesEach() throws IOException {
    List<String> named =
        Files.readAllLines(SAMPLES.resolve("README.md")).stream()
            .filter(line -> line.startsWith("| `"))
            .map(line -> line.substring(3, line.indexOf('`', 3)))
            .toList();

    assertThat(named)
        .isEqualTo(
            Recordings.samples().stream().map(sample -> sample.getFileName().toString()).toList());
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
