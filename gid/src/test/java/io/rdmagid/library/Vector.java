package io.rdmagid.library;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.gid.GidType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A table of {@code picks.json}, and what each library's own code, compiled from its source, chose
 * for it.
 */
record Vector(
    String id,
    String note,
    boolean infiniBand,
    int length,
    List<GidEntry> entries,
    Set<Integer> failingHandles,
    Map<String, String> environment,
    Map<String, OptionalInt> expected) {

  /** All of them. */
  static Stream<Vector> all() {
    try (InputStream in = Vector.class.getResourceAsStream("/picks.json")) {
      List<Vector> vectors = new ArrayList<>();
      new ObjectMapper().readTree(in).forEach(vector -> vectors.add(of(vector)));
      return vectors.stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  GidTable table() {
    return new GidTable(infiniBand, length, entries, failingHandles);
  }

  private static Vector of(JsonNode json) {
    JsonNode port = json.at("/recording/devices/0/ports/0");
    List<GidEntry> entries = new ArrayList<>();
    for (JsonNode gid : port.path("gids")) {
      entries.add(
          new GidEntry(
              gid.path("index").asInt(),
              Gid.parse(gid.path("gid").asText()),
              GidType.fromKernelText(gid.path("type").asText()).orElseThrow(),
              gid.path("ifindex").asInt(),
              gid.path("netdev").asText()));
    }
    Set<Integer> failing = new HashSet<>();
    json.path("ahFails").forEach(index -> failing.add(index.asInt()));
    Map<String, String> environment = new HashMap<>();
    json.path("environment")
        .properties()
        .forEach(variable -> environment.put(variable.getKey(), variable.getValue().asText()));
    Map<String, OptionalInt> expected = new HashMap<>();
    for (String part : List.of("expect", "also")) {
      json.path(part)
          .properties()
          .forEach(pick ->
              expected.put(
                  pick.getKey(),
                  pick.getValue().isNull()
                      ? OptionalInt.empty()
                      : OptionalInt.of(pick.getValue().asInt())));
    }
    return new Vector(
        json.path("id").asText(),
        json.path("note").asText(),
        port.path("linkLayer").asText().equals("InfiniBand"),
        port.path("gidTableLength").asInt(),
        entries,
        failing,
        environment,
        expected);
  }

  @Override
  public String toString() {
    return id + " " + note;
  }
}
