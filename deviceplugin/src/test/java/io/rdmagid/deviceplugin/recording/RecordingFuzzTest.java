package io.rdmagid.deviceplugin.recording;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rdmagid.deviceplugin.BoundedTries;
import io.rdmagid.deviceplugin.Recordings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Whatever a file holds: it is read, or all that is wrong is told in lines that can be shown; and
 * what is read can be written and read again.
 */
@BoundedTries(mebibytes = 64)
class RecordingFuzzTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final List<String> SEEDS =
      Recordings.samples().stream().map(RecordingFuzzTest::text).toList();

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String seed(Random random) {
    return random.nextInt(3) == 0
        ? RecordingWriter.text(RandomRecordings.of(random))
        : SEEDS.get(random.nextInt(SEEDS.size()));
  }

  private static void assertReadOrRefused(RecordingResult result) {
    switch (result) {
      case RecordingResult.Valid(Recording recording) ->
          assertThat(RecordingReader.parse(RecordingWriter.text(recording))).isEqualTo(result);
      case RecordingResult.Invalid(List<String> problems) -> {
        assertThat(problems).isNotEmpty().hasSizeLessThanOrEqualTo(Problems.MOST + 1);
        assertThat(problems)
            .allSatisfy(problem ->
                assertThat(problem)
                    .isNotEmpty()
                    .hasSizeLessThan(500)
                    .doesNotContainPattern("(?U)\\p{Cntrl}"));
      }
    }
  }

  @Property
  void aDocumentWithOtherValuesIsReadOrRefused(@ForAll Random random)
      throws JsonProcessingException {
    JsonNode document = JSON.readTree(seed(random));
    for (int i = random.nextInt(4); i >= 0; i--) {
      change(document, random);
    }
    assertReadOrRefused(RecordingReader.parse(document.toString()));
  }

  @Property
  void aTextWithOtherCharactersIsReadOrRefused(@ForAll Random random) {
    StringBuilder text = new StringBuilder(seed(random));
    for (int i = random.nextInt(4); i >= 0 && !text.isEmpty(); i--) {
      int from = random.nextInt(text.length());
      int to = Math.min(text.length(), from + random.nextInt(30));
      switch (random.nextInt(4)) {
        case 0 -> text.setCharAt(from, (char) random.nextInt(random.nextBoolean() ? 128 : 65_536));
        case 1 -> text.delete(from, to);
        case 2 -> text.insert(from, text.substring(from, to));
        default -> text.setLength(from);
      }
    }
    assertReadOrRefused(RecordingReader.parse(text.toString()));
  }

  /** Changes one value somewhere below; goes down a random way. */
  private static void change(JsonNode node, Random random) {
    if (node.isEmpty()) {
      return; // a plain value, whose parent was to change it, or nothing to change
    }
    int at = random.nextInt(node.size());
    String name = node.isObject() ? new ArrayList<>(node.properties()).get(at).getKey() : "";
    JsonNode child = node.isObject() ? node.get(name) : node.get(at);
    if (!child.isEmpty() && random.nextInt(5) > 0) {
      change(child, random);
    } else if (node instanceof ObjectNode object) {
      switch (random.nextInt(4)) {
        case 0 -> object.remove(name);
        case 1 -> object.set(name + (random.nextBoolean() ? "" : "x"), junk(random));
        case 2 -> object.set(new ArrayList<>(node.properties()).getFirst().getKey(), child);
        default -> object.set(name, junk(random));
      }
    } else if (node instanceof ArrayNode array) {
      switch (random.nextInt(4)) {
        case 0 -> array.remove(at);
        case 1 -> array.add(child.deepCopy());
        case 2 -> array.add(junk(random));
        default -> array.set(at, junk(random));
      }
    }
  }

  private static JsonNode junk(Random random) {
    return switch (random.nextInt(14)) {
      case 0 -> NODES.nullNode();
      case 1 -> NODES.booleanNode(true);
      case 2 -> NODES.numberNode(random.nextInt());
      case 3 -> NODES.numberNode(random.nextInt(20) - 2);
      case 4 -> NODES.numberNode(Long.MAX_VALUE);
      case 5 -> NODES.numberNode(random.nextDouble() * 1e30);
      case 6 -> NODES.textNode("");
      case 7 -> NODES.textNode("\u0000\u001b[2J/../" + "x".repeat(random.nextInt(2_000)));
      case 8 -> NODES.textNode("::");
      case 9 -> NODES.textNode("fe80::1%1");
      case 10 -> NODES.textNode("10.0.0.1/" + random.nextInt(40));
      case 11 -> NODES.arrayNode().add(NODES.arrayNode().add(1));
      case 12 -> NODES.objectNode();
      default -> NODES.objectNode().put("name", "x").put("index", 1).put("port", 1);
    };
  }

  private static void assertRefused(String json, String problem) {
    RecordingResult result = RecordingReader.parse(json);
    assertReadOrRefused(result);
    assertThat(result)
        .isInstanceOfSatisfying(
            RecordingResult.Invalid.class,
            invalid ->
                assertThat(invalid.problems())
                    .anySatisfy(told -> assertThat(told).contains(problem)));
  }

  /** A third of it is the texts themselves. */
  @Example
  @BoundedTries(mebibytes = 512)
  void whatWouldTakeMuchIsRefusedEarly() {
    assertRefused("[".repeat(1_000_000), "nesting depth");
    assertRefused("{\"version\": " + "1".repeat(100_000) + "}", "is not JSON");
    assertRefused("{\"version\": 1e999999999}", "version is not a whole number");
    assertRefused("{\"hostname\": \"" + "a".repeat(10_000_000) + "\"}", "is not JSON");
    assertRefused("{\"" + "a".repeat(100_000) + "\": 1}", "is not JSON");
    assertRefused("[" + "[],".repeat(10_000_000) + "1]", "is not JSON");
  }

  @Example
  void problemsThatAreTooManyAreCounted() {
    StringBuilder json = new StringBuilder("{\"version\": 1");
    for (int i = 0; i < 100_000; i++) {
      json.append(", \"f").append(i).append("\": 1");
    }
    assertRefused(json + "}", "and 99000 more problems");
  }

  @Example
  void aFieldThatIsThereTwiceIsRefused() {
    assertRefused("{\"version\": 1, \"version\": 1}", "Duplicate");
  }

  /** A file of 32 MiB is the most that is read: its parts, and the whole. */
  @Example
  @BoundedTries(mebibytes = 128)
  void aFileWithoutEndIsRefused() {
    assertThat(RecordingReader.read(Path.of("/dev/zero")))
        .isEqualTo(new RecordingResult.Invalid(List.of("more than 33554432 bytes")));
  }
}
