package io.rdmagid.deviceplugin.recording;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import io.rdmagid.deviceplugin.inventory.Device;
import io.rdmagid.deviceplugin.inventory.DeviceAttributes;
import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.inventory.Link;
import io.rdmagid.deviceplugin.inventory.Port;
import io.rdmagid.deviceplugin.inventory.PortAttributes;
import io.rdmagid.deviceplugin.inventory.PortEntry;
import io.rdmagid.deviceplugin.inventory.RdmaNamespaceMode;
import io.rdmagid.deviceplugin.inventory.ReadBy;
import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidType;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Reads a recording into an inventory, with all problems at once. Not thread-safe: one reader, one
 * reading.
 */
public final class RecordingReader {
  /** The version of the format. */
  public static final int VERSION = 1;

  private static final long MOST_BYTES = 32L * 1024 * 1024;
  private static final int MOST_DEVICES = 64;
  private static final int MOST_PORTS = 16;
  private static final int MOST_ENTRIES = 65_535;
  private static final int MOST_LINKS = 65_535;
  private static final int MOST_ADDRESSES = 4_096;

  /** Without the feature whatever follows the document would go unread, and unreported. */
  private static final ObjectReader JSON =
      new ObjectMapper().reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final List<String> problems = new ArrayList<>();
  private final Map<Integer, Link> links = new LinkedHashMap<>();
  private boolean linksGiven;
  private Map<String, String> environment = Map.of();

  private RecordingReader() {}

  /** Reads a file; one that cannot be read is invalid like one that makes no sense. */
  public static RecordingResult read(Path file) {
    try {
      long size = Files.size(file);
      if (size > MOST_BYTES) {
        return new RecordingResult.Invalid(List.of(size + " bytes are more than " + MOST_BYTES));
      }
      return parse(Files.readString(file));
    } catch (IOException e) {
      return new RecordingResult.Invalid(List.of("cannot be read: " + e));
    }
  }

  /** Reads a document. */
  public static RecordingResult parse(String json) {
    JsonNode document;
    try {
      document = JSON.readTree(json);
    } catch (JsonProcessingException e) {
      return new RecordingResult.Invalid(List.of("is not JSON: " + e.getOriginalMessage()));
    }
    RecordingReader reader = new RecordingReader();
    Inventory inventory = reader.document(new JsonFields(document, "", reader.problems));
    return reader.problems.isEmpty()
        ? new RecordingResult.Valid(inventory, reader.environment)
        : new RecordingResult.Invalid(reader.problems);
  }

  private Inventory document(JsonFields fields) {
    fields.requiredNumber("version", VERSION, VERSION);
    fields.text("hostname", "");
    fields.text("kernel", "");
    fields.text("capturedAt", "");
    RdmaNamespaceMode mode = namespaceMode(fields);
    environment = fields.textMap("environment");
    linksGiven = fields.has("links");
    fields
        .objects("links", MOST_LINKS, this::link)
        .forEach(link -> links.put(link.ifindex(), link));
    List<Device> devices = fields.objects("devices", MOST_DEVICES, this::device);
    unique(devices, Device::name, "devices", fields);
    fields.refuseOthers();
    return new Inventory(devices).in(mode);
  }

  private static RdmaNamespaceMode namespaceMode(JsonFields fields) {
    String text = fields.text("rdmaNamespaceMode", "");
    Optional<RdmaNamespaceMode> mode = RdmaNamespaceMode.fromText(text);
    if (mode.isEmpty()) {
      fields.problem(
          fields.at("rdmaNamespaceMode"), "is '" + text + "', not one of shared, exclusive");
    }
    return mode.orElse(RdmaNamespaceMode.UNKNOWN);
  }

  private Link link(JsonFields fields) {
    int ifindex = fields.requiredNumber("ifindex", 1, Integer.MAX_VALUE);
    String name = fields.requiredText("name");
    fields.text("kind", "");
    fields.text("state", "");
    fields.text("master", "");
    fields.number("mtu", 0, Integer.MAX_VALUE, 0);
    Set<Gid> addresses = new HashSet<>();
    for (String address : fields.texts("addresses", MOST_ADDRESSES)) {
      try {
        addresses.add(Gid.of(InetAddress.ofLiteral(address.replaceFirst("/[0-9]+$", ""))));
      } catch (IllegalArgumentException e) {
        fields.problem(
            fields.at("addresses"),
            "holds '" + address + "', which is no IP address with a prefix length");
      }
    }
    return new Link(ifindex, name, 0, addresses);
  }

  private Device device(JsonFields fields) {
    String name = fields.requiredText("name");
    DeviceAttributes attributes =
        new DeviceAttributes(
            fields.text("driver", ""),
            fields.text("vendorId", ""),
            fields.text("deviceId", ""),
            fields.text("firmware", ""),
            fields.text("nodeGuid", ""),
            fields.text("pciAddress", ""),
            fields.number("numaNode", -1, 1_023, -1));
    String uverbs = fields.text("uverbs", "");
    List<Port> ports = fields.objects("ports", MOST_PORTS, this::port);
    unique(ports, Port::number, "ports", fields);
    return new Device(name, uverbs, attributes, ports, ReadBy.RECORDING);
  }

  private Port port(JsonFields fields) {
    int number = fields.requiredNumber("port", 1, 255);
    PortAttributes attributes =
        new PortAttributes(
            fields.text("linkLayer", PortAttributes.ETHERNET),
            fields.text("state", PortAttributes.ACTIVE),
            fields.text("physicalState", ""),
            fields.number("mtu", 0, 65_536, 0),
            fields.decimal("rateGbps"),
            fields.requiredNumber("gidTableLength", 0, MOST_ENTRIES),
            fields.text("defaultRoceMode", ""));
    String netdev = fields.text("netdev", "");
    List<PortEntry> entries =
        fields
            .objects(
                "gids", MOST_ENTRIES, entry -> entry(entry, number, attributes.gidTableLength()))
            .stream()
            .flatMap(Optional::stream)
            .toList();
    unique(entries, PortEntry::index, "gids", fields);
    Port port = Port.of(number, attributes, entries, links);
    return new Port(
        number, attributes, netdev.isEmpty() ? port.netdev() : netdev, port.gids(), port.podGids());
  }

  private Optional<PortEntry> entry(JsonFields fields, int port, int slots) {
    int index = fields.requiredNumber("index", 0, Math.max(0, slots - 1));
    int ifindex = fields.number("ifindex", 0, Integer.MAX_VALUE, 0);
    String netdev = fields.text("netdev", "");
    String typeText = fields.requiredText("type");
    Optional<GidType> type = GidType.fromKernelText(typeText);
    if (type.isEmpty() && !typeText.isEmpty()) {
      fields.problem(fields.at("type"), "is '" + typeText + "', not one of IB, RoCE v1, RoCE v2");
    }
    Optional<Gid> gid = gid(fields);
    if (gid.isEmpty() || type.isEmpty()) {
      return Optional.empty();
    }
    if (!linksGiven && ifindex > 0) {
      addLink(ifindex, netdev, gid.get());
    }
    // A name alone is looked up among the links; where there are none, the entry is of this
    // namespace like all others.
    String name = linksGiven || ifindex > 0 ? netdev : "";
    return Optional.of(new PortEntry(port, index, gid.get(), type.get(), ifindex, name));
  }

  /** Where a recording leaves the links out, the entries are taken at their word. */
  private void addLink(int ifindex, String netdev, Gid gid) {
    Set<Gid> addresses = new HashSet<>(Set.of(gid));
    Link known = links.get(ifindex);
    if (known != null) {
      addresses.addAll(known.addresses());
    }
    links.put(ifindex, new Link(ifindex, netdev, 0, addresses));
  }

  private static Optional<Gid> gid(JsonFields fields) {
    String text = fields.requiredText("gid");
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      Gid gid = Gid.parse(text);
      if (gid.isZero()) {
        fields.problem(fields.at("gid"), "is zero: leave an empty slot out");
        return Optional.empty();
      }
      return Optional.of(gid);
    } catch (IllegalArgumentException e) {
      fields.problem(fields.at("gid"), "is " + e.getMessage());
      return Optional.empty();
    }
  }

  private static <T> void unique(
      List<T> values, Function<T, ?> key, String name, JsonFields fields) {
    Set<Object> seen = new HashSet<>();
    for (T value : values) {
      Object id = key.apply(value);
      if (!seen.add(id)) {
        fields.problem(fields.at(name), "holds '" + id + "' twice");
      }
    }
  }
}
