package io.rdmagid.deviceplugin.files;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rdmagid.deviceplugin.workload.AllocationId;
import io.rdmagid.deviceplugin.workload.AllocationRecord;
import io.rdmagid.deviceplugin.workload.Claim;
import io.rdmagid.deviceplugin.workload.Frozen;
import io.rdmagid.deviceplugin.workload.HeldPort;
import io.rdmagid.deviceplugin.workload.PoolTerms;
import io.rdmagid.deviceplugin.workload.Sandbox;
import io.rdmagid.gid.GidRule;
import io.rdmagid.gid.GidScope;
import io.rdmagid.gid.GidType;
import io.rdmagid.gid.IpFamily;
import io.rdmagid.gid.IpSubnet;
import io.rdmagid.library.LibrarySetup;
import io.rdmagid.pool.EffectiveRule;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** An {@link AllocationRecord} as JSON, of a version of its own: another agent may read it. */
final class RecordJson {
  private static final int VERSION = 1;

  private RecordJson() {}

  static ObjectNode of(ObjectMapper json, AllocationRecord record) {
    ObjectNode document = json.createObjectNode();
    document.put("version", VERSION).put("pool", record.id().pool());
    texts(document.putArray("ids"), record.id().ids());
    ArrayNode ports = document.putArray("ports");
    record
        .ports()
        .forEach(port -> ports.addObject().put("device", port.device()).put("port", port.port()));
    document.put("bootId", record.bootId());
    record.claim().ifPresent(claim -> claim(document.putObject("claim"), claim));
    return document;
  }

  /**
   * Reads a record.
   *
   * @throws IllegalArgumentException if something is missing or of another version
   */
  static AllocationRecord parse(JsonNode document) {
    if (document.path("version").asInt() != VERSION) {
      throw new IllegalArgumentException("not a record of version " + VERSION);
    }
    List<HeldPort> ports =
        document
            .path("ports")
            .valueStream()
            .map(port -> new HeldPort(text(port, "device"), number(port, "port")))
            .toList();
    Optional<Claim> claim =
        document.has("claim") ? Optional.of(claim(document.get("claim"))) : Optional.empty();
    return new AllocationRecord(
        new AllocationId(text(document, "pool"), texts(document, "ids")),
        ports,
        text(document, "bootId"),
        claim);
  }

  private static void claim(ObjectNode node, Claim claim) {
    Sandbox sandbox = claim.sandbox();
    ObjectNode owner = node.putObject("sandbox");
    owner
        .put("id", sandbox.id())
        .put("podUid", sandbox.podUid())
        .put("namespace", sandbox.namespace())
        .put("pod", sandbox.podName())
        .put("runtimeHandler", sandbox.runtimeHandler());
    sandbox.networkNamespace().ifPresent(path -> owner.put("networkNamespace", path.toString()));
    node.put("containerId", claim.containerId()).put("container", claim.container());
    texts(node.putArray("folders"), claim.folders());
    rule(node.putObject("rule"), claim.terms().rule());
    setup(node.putObject("setup"), claim.terms().setup());
    node.put("generation", claim.generation()).put("made", claim.made());
    claim.frozen().injected().forEach(node.putObject("injected")::put);
    texts(node.putArray("kept"), claim.frozen().kept());
    node.put("ended", claim.ended());
  }

  private static Claim claim(JsonNode node) {
    JsonNode owner = node.path("sandbox");
    Sandbox sandbox =
        new Sandbox(
            text(owner, "id"),
            text(owner, "podUid"),
            text(owner, "namespace"),
            text(owner, "pod"),
            owner.has("networkNamespace")
                ? Optional.of(Path.of(text(owner, "networkNamespace")))
                : Optional.empty(),
            text(owner, "runtimeHandler"));
    return new Claim(
        sandbox,
        text(node, "containerId"),
        text(node, "container"),
        texts(node, "folders"),
        new PoolTerms(rule(node.path("rule")), setup(node.path("setup"))),
        node.path("generation").asLong(),
        node.path("made").asBoolean(),
        frozen(node),
        node.path("ended").asBoolean());
  }

  private static Frozen frozen(JsonNode claim) {
    SortedMap<String, String> injected = new TreeMap<>();
    claim
        .path("injected")
        .propertyStream()
        .forEach(variable -> injected.put(variable.getKey(), variable.getValue().asText()));
    return new Frozen(injected, texts(claim, "kept"));
  }

  private static void setup(ObjectNode node, LibrarySetup setup) {
    texts(node.putArray("libraries"), setup.libraries().stream().sorted().toList());
    texts(node.putArray("steered"), setup.steered().stream().sorted().toList());
    setup.trafficClass().ifPresent(number -> node.put("trafficClass", number));
  }

  private static LibrarySetup setup(JsonNode node) {
    return new LibrarySetup(
        Set.copyOf(texts(node, "libraries")),
        node.has("trafficClass")
            ? OptionalInt.of(number(node, "trafficClass"))
            : OptionalInt.empty(),
        Set.copyOf(texts(node, "steered")));
  }

  private static void rule(ObjectNode node, EffectiveRule rule) {
    node.put("type", rule.rule().type().text())
        .put("family", rule.rule().family().text())
        .put("allowLinkLocal", rule.rule().allowLinkLocal())
        .put("scope", rule.scope().text())
        .put("required", rule.required())
        .put("generation", rule.generation())
        .put("revision", rule.revision());
    texts(
        node.putArray("subnets"), rule.rule().subnets().stream().map(IpSubnet::toString).toList());
  }

  private static EffectiveRule rule(JsonNode node) {
    GidRule rule =
        new GidRule(
            known(GidType.fromText(text(node, "type")), "type"),
            known(IpFamily.fromText(text(node, "family")), "family"),
            texts(node, "subnets").stream().map(IpSubnet::parse).toList(),
            node.path("allowLinkLocal").asBoolean());
    return new EffectiveRule(
        rule,
        known(GidScope.fromText(text(node, "scope")), "scope"),
        node.path("required").asBoolean(),
        node.path("generation").asLong(),
        node.path("revision").asLong());
  }

  private static <T> T known(Optional<T> value, String field) {
    return value.orElseThrow(() -> new IllegalArgumentException("unknown " + field));
  }

  private static String text(JsonNode node, String field) {
    JsonNode value = node.path(field);
    if (!value.isTextual()) {
      throw new IllegalArgumentException("no " + field);
    }
    return value.textValue();
  }

  private static int number(JsonNode node, String field) {
    JsonNode value = node.path(field);
    if (!value.isInt()) {
      throw new IllegalArgumentException("no " + field);
    }
    return value.intValue();
  }

  private static List<String> texts(JsonNode node, String field) {
    return node.path(field).valueStream().map(JsonNode::asText).toList();
  }

  private static void texts(ArrayNode array, List<String> texts) {
    texts.forEach(array::add);
  }
}
