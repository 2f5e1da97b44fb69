package io.rdmagid.deviceplugin.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.rdmagid.deviceplugin.Recordings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each command that reads once has all formats, and they say the same. */
class FormatsTest {
  private static String printed(String command, String format) {
    List<String> arguments = new ArrayList<>(List.of(command.split(" ", -1)));
    arguments.addAll(List.of("--recording", Recordings.twoPorts().toString(), "-o", format));
    Outcome outcome = Outcome.of(arguments);
    assertThat(outcome.code()).as(outcome.err()).isZero();
    return outcome.out();
  }

  @ParameterizedTest
  @ValueSource(strings = {"show", "entry mlx5_0 1 3", "find --ip 10.0.0.5", "explain"})
  void allSayTheSame(String command) throws IOException {
    ObjectMapper json = new ObjectMapper();
    JsonNode document = json.readTree(printed(command, "json"));

    assertThat(document.isObject()).isTrue();
    assertThat(new YAMLMapper().readTree(printed(command, "yaml"))).isEqualTo(document);
    List<String> lines = printed(command, "jsonl").lines().toList();
    assertThat(lines).isNotEmpty().anyMatch(line -> line.contains("\"mlx5_0\""));
    for (String line : lines) {
      assertThat(json.readTree(line).get("source")).isEqualTo(document.get("source"));
    }
    assertThat(printed(command, "table")).contains("mlx5_0").contains("10.0.0.5");
    assertThat(printed(command, "wide")).contains("mlx5_0").contains("10.0.0.5");
  }

  /** Its times are others each time. */
  @ParameterizedTest
  @ValueSource(strings = {"json", "yaml", "jsonl", "table", "wide"})
  void soDoesTheOneThatMeasures(String format) throws IOException {
    String printed = printed("bench --rounds 2", format);

    switch (format) {
      case "jsonl" ->
          assertThat(printed.lines())
              .isNotEmpty()
              .allMatch(line -> line.startsWith("{") && line.endsWith("}"));
      case "json" -> assertThat(new ObjectMapper().readTree(printed).isObject()).isTrue();
      case "yaml" -> assertThat(new YAMLMapper().readTree(printed).isObject()).isTrue();
      default -> assertThat(printed).contains("recording");
    }
  }
}
