package io.rdmagid.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The value of the Node's annotation {@code rdmagid.io/gids}: the preferred entry of every port,
 * small enough to sit on every Node. Encoded as {@code {"v":1,"ports":[…],"more":n}}.
 *
 * @param ports the ports in the order to keep them in where not all fit
 * @param more how many further ports the node has
 */
public record NodeGids(List<Port> ports, int more) {
  /** The longest encoded form, in bytes of UTF-8. */
  public static final int MAX_BYTES = 4096;

  private static final int VERSION = 1;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  public NodeGids {
    ports = Elements.of(ports);
  }

  /** All ports of a node. */
  public static NodeGids of(List<Port> ports) {
    return new NodeGids(ports, 0);
  }

  /**
   * One port; null where the port has no such thing.
   *
   * @param device the RDMA device's name
   * @param port the port's number
   * @param netdev the port's netdev
   * @param index the preferred entry's index
   * @param address the preferred entry's IP address
   * @param type the preferred entry's type
   * @param digest {@code status.digest} of the port's {@link RdmaGid}
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  @JsonPropertyOrder({"device", "port", "netdev", "index", "address", "type", "digest"})
  public record Port(
      @Lenient @Nullable String device,
      @Lenient @Nullable Integer port,
      @Lenient @Nullable String netdev,
      @Lenient @Nullable Integer index,
      @Lenient @Nullable String address,
      @Lenient @Nullable String type,
      @Lenient @Nullable String digest) {}

  /** What {@link #decode} makes of a text. */
  public sealed interface Decoded {}

  /** The text is a value of this version. */
  public record Read(NodeGids value) implements Decoded {}

  /**
   * The text is not a value of this version.
   *
   * @param reason why, without a full stop
   */
  public record Unreadable(String reason) implements Decoded {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonPropertyOrder({"v", "ports", "more"})
  private record Document(int v, List<Port> ports, int more) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  private record Content(@Lenient List<Port> ports, @Lenient @Nullable Integer more) {}

  /**
   * The JSON text, at most {@link #MAX_BYTES} in UTF-8: the first ports that fit; those from the
   * first that does not are counted in {@code more}. Equal values give equal text.
   */
  public String encode() {
    // The longest number stands in for `more`, so that the sum can only be too large.
    int bytes = bytes(json(new Document(VERSION, List.of(), Integer.MAX_VALUE)));
    int kept = 0;
    for (Port port : ports) {
      bytes += bytes(json(port)) + 1;
      if (bytes > MAX_BYTES) {
        break;
      }
      kept++;
    }
    return json(new Document(VERSION, ports.subList(0, kept), more + ports.size() - kept));
  }

  /**
   * Reads what {@link #encode} wrote, by this version or by one that added fields. Never throws.
   */
  public static Decoded decode(String text) {
    try {
      JsonNode node = JSON.readTree(text);
      JsonNode version = node.path("v");
      if (!version.isInt() || version.intValue() != VERSION) {
        return new Unreadable(
            "it is not of version "
                + VERSION
                + ": v is "
                + (version.isMissingNode() ? "missing" : version));
      }
      Content content = JSON.treeToValue(node, Content.class);
      return new Read(new NodeGids(content.ports(), content.more() == null ? 0 : content.more()));
    } catch (JsonProcessingException e) {
      return new Unreadable("it is not the JSON expected: " + e.getOriginalMessage());
    }
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
