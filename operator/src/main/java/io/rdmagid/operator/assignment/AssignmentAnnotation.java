package io.rdmagid.operator.assignment;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.rdmagid.assignment.AssignedPort;
import io.rdmagid.assignment.AssignmentState;
import io.rdmagid.assignment.ContainerVariables;
import io.rdmagid.assignment.GidChoice;
import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidScope;
import io.rdmagid.gid.GidType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The ports of a pod as the value of its annotation: {@code {"v":1,"ports":[…]}}, with {@code more}
 * where not all fit.
 */
final class AssignmentAnnotation {
  /** The longest encoded form, in bytes of UTF-8. */
  static final int MAX_BYTES = 4096;

  private static final int VERSION = 1;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private AssignmentAnnotation() {}

  /** What {@link #decode} makes of a text. */
  sealed interface Decoded {
    /**
     * The text is a value of this version.
     *
     * @param ports what it shows; without what an annotation does not carry: revision of the rule,
     *     version of the selection, variables
     * @param more how many further ports the pod had
     */
    record Read(List<AssignedPort> ports, int more) implements Decoded {
      public Read {
        ports = List.copyOf(ports);
      }
    }

    /**
     * The text is not a value of this version.
     *
     * @param reason why, without a full stop
     */
    record Unreadable(String reason) implements Decoded {}
  }

  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_DEFAULT)
  @JsonPropertyOrder({"v", "ports", "more"})
  private record Document(
      int v, @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable List<Row> ports, int more) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @JsonPropertyOrder({
    "container",
    "pool",
    "device",
    "port",
    "index",
    "gid",
    "type",
    "netdev",
    "address",
    "scope",
    "state",
    "generation"
  })
  private record Row(
      @Nullable String container,
      @Nullable String pool,
      @Nullable String device,
      int port,
      @Nullable Integer index,
      @Nullable String gid,
      @Nullable String type,
      @Nullable String netdev,
      @Nullable String address,
      @Nullable String scope,
      @Nullable String state,
      long generation) {}

  /**
   * The JSON text, at most {@link #MAX_BYTES} in UTF-8: the first ports that fit; those from the
   * first that does not are counted in {@code more}. Equal ports give equal text.
   */
  static String encode(List<AssignedPort> ports) {
    List<Row> rows = ports.stream().map(AssignmentAnnotation::row).toList();
    // The longest number stands in for `more`, so that the sum can only be too large.
    int bytes = bytes(json(new Document(VERSION, List.of(), Integer.MAX_VALUE)));
    int kept = 0;
    for (Row row : rows) {
      bytes += bytes(json(row)) + 1;
      if (bytes > MAX_BYTES) {
        break;
      }
      kept++;
    }
    return json(new Document(VERSION, rows.subList(0, kept), rows.size() - kept));
  }

  /** Reads what {@link #encode} wrote, by this version or by one that added fields. */
  static Decoded decode(String text) {
    try {
      JsonNode node = JSON.readTree(text);
      JsonNode version = node.path("v");
      if (!version.isInt() || version.intValue() != VERSION) {
        return new Decoded.Unreadable("it is not of version " + VERSION);
      }
      Document document = JSON.treeToValue(node, Document.class);
      List<Row> rows = document.ports() == null ? List.of() : document.ports();
      return new Decoded.Read(
          rows.stream().map(AssignmentAnnotation::port).toList(), document.more());
    } catch (JsonProcessingException e) {
      return new Decoded.Unreadable("it is not the JSON expected: " + e.getOriginalMessage());
    } catch (IllegalArgumentException e) {
      return new Decoded.Unreadable("it contradicts itself: " + e.getMessage());
    }
  }

  private static Row row(AssignedPort port) {
    GidChoice choice = port.choice().orElse(null);
    return new Row(
        port.container(),
        port.pool(),
        port.device(),
        port.port(),
        choice == null ? null : (Integer) choice.index(),
        choice == null ? null : choice.gid().toString(),
        choice == null ? null : choice.type().text(),
        choice == null || choice.netdev().isEmpty() ? null : choice.netdev(),
        choice == null ? null : choice.address(),
        port.scope().text(),
        port.state().text(),
        port.generation());
  }

  /**
   * Reads a row.
   *
   * @throws IllegalArgumentException for one that says nothing or contradicts itself
   */
  private static AssignedPort port(Row row) {
    Optional<GidChoice> choice =
        row.index() == null
            ? Optional.empty()
            : Optional.of(
                new GidChoice(
                    row.index(),
                    Gid.parse(required("gid", row.gid())),
                    known("type", row.type(), GidType.fromText(required("type", row.type()))),
                    row.netdev() == null ? "" : row.netdev()));
    return new AssignedPort(
        required("container", row.container()),
        required("pool", row.pool()),
        required("device", row.device()),
        row.port(),
        known("state", row.state(), AssignmentState.fromText(required("state", row.state()))),
        choice,
        known("scope", row.scope(), GidScope.fromText(required("scope", row.scope()))),
        row.generation(),
        0,
        0,
        ContainerVariables.NONE,
        List.of());
  }

  private static String required(String field, @Nullable String text) {
    if (text == null) {
      throw new IllegalArgumentException(field + " is missing");
    }
    return text;
  }

  private static <T> T known(String field, @Nullable String text, Optional<T> value) {
    return value.orElseThrow(
        () -> new IllegalArgumentException(field + " is unknown: '" + text + "'"));
  }

  private static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a record of strings and numbers has no JSON form", e);
    }
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
