package io.rdmagid.e2e.node;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rdmagid.e2e.agent.AgentInstallation;
import io.rdmagid.e2e.agent.TableEntry;
import io.rdmagid.e2e.testbed.Kubectl;
import io.rdmagid.e2e.testbed.Node;
import io.rdmagid.e2e.testbed.Output;
import io.rdmagid.e2e.testbed.Testbed;
import io.rdmagid.gid.GidType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The command line, in the container of a node's agent. */
record CommandInAgent(Testbed testbed, Node node) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Runs {@code rdmagid}; the exit status is its own. */
  Output run(String... arguments) {
    return testbed.kubectl().run(words(arguments).toArray(String[]::new));
  }

  /** The document that a command prints that found something. */
  ObjectNode json(String... arguments) {
    List<String> words = new ArrayList<>(List.of(arguments));
    words.addAll(List.of("-o", "json"));
    return document(
        run(words.toArray(String[]::new)).orThrow("rdmagid " + String.join(" ", words)));
  }

  /** The arguments of kubectl that run it, for whoever does not wait for its end. */
  List<String> words(String... arguments) {
    Kubectl kubectl = testbed.kubectl();
    List<String> words = new ArrayList<>(List.of("-n", AgentInstallation.NAMESPACE, "exec"));
    words.addAll(List.of(AgentInstallation.pod(kubectl, node), "--", "rdmagid"));
    words.addAll(List.of(arguments));
    return words;
  }

  static ObjectNode document(String json) {
    try {
      return (ObjectNode) JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new AssertionError(json, e);
    }
  }

  /** The entries of all ports in what {@code show} prints. */
  static List<TableEntry> shown(JsonNode document) {
    return stream(document.get("ports"))
        .flatMap(port -> stream(port.get("gids")).map(gid -> entry(port, gid)))
        .toList();
  }

  /** Those in what {@code entry} and {@code find} print. */
  static List<TableEntry> found(JsonNode document) {
    return stream(document.get("entries")).map(gid -> entry(gid, gid)).toList();
  }

  private static TableEntry entry(JsonNode port, JsonNode gid) {
    return new TableEntry(
        port.get("device").asText(),
        port.get("port").asInt(),
        gid.get("index").asInt(),
        gid.get("gid").asText(),
        GidType.fromText(gid.get("type").asText()).orElseThrow().kernelText(),
        gid.get("netdev").asText());
  }

  private static Stream<JsonNode> stream(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }
}
