package io.rdmagid.deviceplugin.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code rdmagid explain} against what the libraries' own code chose, by way of recordings. */
class ExplainVectorsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The test resource of gid/, where the same tables are tried without a file between. */
  private static final Path VECTORS = Path.of("../gid/src/test/resources/picks.json");

  @Test
  void aFolderOfRecordingsIsALineEachWithTheLibrariesOwnChoices(@TempDir Path folder)
      throws IOException {
    List<JsonNode> vectors = new ArrayList<>();
    for (JsonNode vector : JSON.readTree(VECTORS.toFile())) {
      ObjectNode recording = vector.get("recording").deepCopy();
      recording.set("environment", vector.get("environment"));
      JSON.writeValue(folder.resolve(vector.get("id").textValue() + ".json").toFile(), recording);
      vectors.add(vector);
    }
    Path _ = Files.writeString(folder.resolve("README.txt"), "not a recording");

    Outcome outcome =
        Outcome.of(List.of("explain", "-o", "json", "--recording", folder.toString()));

    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.code()).isZero();
    List<String> lines = outcome.out().lines().toList();
    assertThat(lines).hasSameSizeAs(vectors).hasSize(239);
    for (int i = 0; i < lines.size(); i++) {
      JsonNode vector = vectors.get(i);
      JsonNode line = JSON.readTree(lines.get(i));
      assertThat(line.get("source").textValue())
          .isEqualTo(folder.resolve(vector.get("id").textValue() + ".json").toString());
      assertThat(line.get("ports")).hasSize(1);
      ObjectNode picks = (ObjectNode) line.at("/ports/0/picks");
      ObjectNode expected = vector.get("expect").deepCopy();
      if (vector.has("ahFails")) {
        // A recording does not say for which slots the kernel refuses an address handle.
        picks.remove("ucx");
        expected.remove("ucx");
      }
      assertThat(picks).as(vector.toString()).isEqualTo(expected);
    }
  }
}
