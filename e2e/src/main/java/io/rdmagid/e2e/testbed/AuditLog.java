package io.rdmagid.e2e.testbed;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The writes to one API server, except leases and events, in the order in which they were answered.
 */
record AuditLog(Path file) {
  private static final ObjectMapper JSON = new ObjectMapper();

  static final String POLICY =
      """
      apiVersion: audit.k8s.io/v1
      kind: Policy
      omitStages: [RequestReceived, ResponseStarted]
      rules:
        - level: None
          verbs: [get, list, watch]
        - level: None
          resources:
            - {group: coordination.k8s.io, resources: [leases]}
            - {group: "", resources: [events]}
            - {group: events.k8s.io, resources: [events]}
        - level: Metadata
      """;

  List<AuditEvent> events() {
    if (!Files.exists(file)) {
      return List.of();
    }
    List<AuditEvent> events = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(file)) {
        parse(line, events);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return events;
  }

  private static void parse(String line, List<AuditEvent> into) {
    try {
      JsonNode event = JSON.readTree(line);
      JsonNode object = event.path("objectRef");
      into.add(
          new AuditEvent(
              Instant.parse(event.path("requestReceivedTimestamp").asText()),
              event.path("user").path("username").asText(),
              event.path("verb").asText(),
              object.path("resource").asText(),
              object.path("name").asText(),
              object.path("subresource").asText(),
              event.path("responseStatus").path("code").asInt()));
    } catch (JsonProcessingException e) {
      // The last line may be half written; the next look finds it whole.
      if (line.endsWith("}")) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
