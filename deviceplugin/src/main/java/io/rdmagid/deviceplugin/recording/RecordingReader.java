package io.rdmagid.deviceplugin.recording;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import io.rdmagid.deviceplugin.inventory.Device;
import io.rdmagid.deviceplugin.inventory.DeviceAttributes;
import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.inventory.Link;
import io.rdmagid.deviceplugin.inventory.LinkAddress;
import io.rdmagid.deviceplugin.inventory.LinkDescription;
import io.rdmagid.deviceplugin.inventory.Port;
import io.rdmagid.deviceplugin.inventory.PortAttributes;
import io.rdmagid.deviceplugin.inventory.PortEntry;
import io.rdmagid.deviceplugin.inventory.RdmaNamespaceMode;
import io.rdmagid.deviceplugin.inventory.ReadBy;
import io.rdmagid.deviceplugin.inventory.UnreadDevice;
import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads a recording, with all problems at once. {@link RecordingWriter} is the way back. For any
 * thread: each reading has a reader of its own.
 */
public final class RecordingReader {
  /** The version of the format. */
  public static final int VERSION = 1;

  private static final int MOST_BYTES = 32 * 1024 * 1024;
  private static final int MOST_DEVICES = 64;
  private static final int MOST_PORTS = 16;
  private static final int MOST_ENTRIES = 65_535;
  private static final int MOST_LINKS = 65_535;

  /** Of a link: kube-ipvs0 has one for each address of a Service. */
  private static final int MOST_ADDRESSES = 65_535;

  private static final int MOST_VARIABLES = 4_096;
  private static final int HIGHEST_RATE = 1_000_000;

  private static final List<String> LINK_LAYERS =
      List.of(PortAttributes.ETHERNET, PortAttributes.INFINIBAND);
  private static final List<String> STATES =
      List.of("NOP", "DOWN", "INIT", "ARMED", PortAttributes.ACTIVE, "ACTIVE_DEFER");
  private static final List<String> ROCE_MODES = List.of("RoCE v1", "RoCE v2", "IB/RoCE v1");
  private static final List<String> CAUSES =
      Arrays.stream(UnreadDevice.Cause.values()).map(UnreadDevice.Cause::text).toList();
  private static final List<String> NAMESPACE_MODES =
      List.of(RdmaNamespaceMode.SHARED.text(), RdmaNamespaceMode.EXCLUSIVE.text());

  /**
   * What a file of {@link #MOST_BYTES} can need at most where it is a recording: seven objects and
   * lists inside each other; a token for each four bytes (an entry of 37 bytes has eight); a text
   * as long as the longest variable that Linux passes on (MAX_ARG_STRLEN).
   */
  private static final StreamReadConstraints CONSTRAINTS =
      StreamReadConstraints.builder()
          .maxNestingDepth(16)
          .maxTokenCount(MOST_BYTES / 4)
          .maxStringLength(131_072)
          .maxNameLength(1_024)
          .maxNumberLength(64)
          .build();

  /**
   * Without the first feature whatever follows the document would go unread, without the second the
   * first of two fields of one name; nobody would hear of it.
   */
  private static final ObjectReader JSON =
      new ObjectMapper(JsonFactory.builder().streamReadConstraints(CONSTRAINTS).build())
          .reader()
          .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .with(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

  private final Problems problems = new Problems();

  /** By ifindex; null where the recording leaves them out. */
  private @Nullable Map<Integer, Link> links;

  private RecordingReader() {}

  /**
   * Reads a file, or a pipe to its end; one that cannot be read is invalid like one that makes no
   * sense.
   */
  public static RecordingResult read(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return parse(in.readNBytes(MOST_BYTES + 1));
    } catch (NoSuchFileException e) {
      return invalid("no such file");
    } catch (IOException e) {
      return invalid("cannot be read: " + e);
    }
  }

  /** Reads a document. */
  public static RecordingResult parse(String json) {
    return parse(json.getBytes(StandardCharsets.UTF_8));
  }

  private static RecordingResult parse(byte[] json) {
    if (json.length > MOST_BYTES) {
      return invalid("more than " + MOST_BYTES + " bytes");
    }
    JsonNode document;
    try {
      document = JSON.readTree(json);
    } catch (JsonProcessingException e) {
      return invalid("is not JSON: " + e.getOriginalMessage() + at(e.getLocation()));
    } catch (IOException e) {
      return invalid("is not JSON: " + e.getMessage());
    }
    RecordingReader reader = new RecordingReader();
    Recording recording = reader.document(new JsonFields(document, "", reader.problems));
    return reader.problems.count() == 0
        ? new RecordingResult.Valid(recording)
        : new RecordingResult.Invalid(reader.problems.all());
  }

  private static RecordingResult invalid(String problem) {
    Problems problems = new Problems();
    problems.add(problem);
    return new RecordingResult.Invalid(problems.all());
  }

  private static String at(@Nullable JsonLocation location) {
    return location == null
        ? ""
        : " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")";
  }

  private Recording document(JsonFields fields) {
    fields.requiredNumber("version", VERSION, VERSION);
    Capture capture =
        new Capture(
            fields.text("hostname", ""), fields.text("kernel", ""), fields.text("capturedAt", ""));
    RdmaNamespaceMode mode =
        RdmaNamespaceMode.fromText(fields.word("rdmaNamespaceMode", NAMESPACE_MODES, ""))
            .orElse(RdmaNamespaceMode.UNKNOWN);
    Map<String, String> environment = fields.textMap("environment", MOST_VARIABLES);
    List<LinkDescription> described = null;
    if (fields.has("links")) {
      described = fields.objects("links", MOST_LINKS, RecordingReader::link);
      fields.unique("links", "ifindex");
      fields.unique("links", "name");
      Map<Integer, Link> byIfindex = new HashMap<>();
      described.forEach(link -> byIfindex.put(link.ifindex(), link.asLink()));
      links = byIfindex;
    }
    List<Device> devices = fields.objects("devices", MOST_DEVICES, this::device);
    fields.unique("devices", "name");
    List<UnreadDevice> unread = fields.objects("unread", MOST_DEVICES, RecordingReader::unread);
    fields.unique("unread", "name");
    Set<String> readNames = devices.stream().map(Device::name).collect(Collectors.toSet());
    unread.stream()
        .map(UnreadDevice::name)
        .filter(readNames::contains)
        .forEach(
            name -> fields.problem(fields.at("unread"), "holds '" + name + "', which devices has"));
    fields.refuseOthers();
    return new Recording(capture, new Inventory(devices, unread, mode), described, environment);
  }

  private static LinkDescription link(JsonFields fields) {
    int ifindex = fields.requiredNumber("ifindex", 1, Integer.MAX_VALUE);
    String name = fields.requiredText("name");
    List<LinkAddress> addresses = new ArrayList<>();
    for (String address : fields.texts("addresses", MOST_ADDRESSES)) {
      try {
        addresses.add(LinkAddress.parse(address));
      } catch (IllegalArgumentException e) {
        fields.problem(
            fields.at("addresses"),
            "holds '" + address + "', which is no IP address with a prefix length");
      }
    }
    return new LinkDescription(
        ifindex,
        name,
        fields.text("kind", ""),
        fields.text("state", ""),
        fields.number("mtu", 0, Integer.MAX_VALUE, 0),
        fields.text("master", ""),
        addresses);
  }

  private Device device(JsonFields fields) {
    String name = fields.requiredText("name");
    DeviceAttributes attributes = attributes(fields);
    String uverbs = fields.text("uverbs", "");
    List<Port> ports = fields.objects("ports", MOST_PORTS, this::port);
    fields.unique("ports", "port");
    return new Device(name, uverbs, attributes, ports, ReadBy.RECORDING);
  }

  private static UnreadDevice unread(JsonFields fields) {
    String name = fields.requiredText("name");
    String cause = fields.word("cause", CAUSES, UnreadDevice.Cause.REFUSED.text());
    return new UnreadDevice(
        name,
        UnreadDevice.Cause.fromText(cause).orElse(UnreadDevice.Cause.REFUSED),
        fields.text("reason", ""),
        attributes(fields),
        fields.numbers("ports", MOST_PORTS, 1, 255));
  }

  private static DeviceAttributes attributes(JsonFields fields) {
    return new DeviceAttributes(
        fields.text("driver", ""),
        fields.text("vendorId", ""),
        fields.text("deviceId", ""),
        fields.text("firmware", ""),
        fields.text("nodeGuid", ""),
        fields.text("pciAddress", ""),
        fields.text("pfName", ""),
        fields.number("vfIndex", 0, 65_535, -1),
        fields.number("numaNode", -1, 1_023, -1));
  }

  private Port port(JsonFields fields) {
    int number = fields.requiredNumber("port", 1, 255);
    PortAttributes attributes =
        new PortAttributes(
            fields.word("linkLayer", LINK_LAYERS, PortAttributes.ETHERNET),
            fields.word("state", STATES, PortAttributes.ACTIVE),
            fields.text("physicalState", ""),
            fields.number("mtu", 0, 65_536, 0),
            fields.decimal("rateGbps", HIGHEST_RATE),
            fields.requiredNumber("gidTableLength", 0, MOST_ENTRIES, MOST_ENTRIES),
            roceMode(fields));
    String netdev = fields.text("netdev", "");
    Set<Integer> unusable = new HashSet<>();
    List<PortEntry> entries =
        fields
            .objects(
                "gids",
                MOST_ENTRIES,
                entry -> entry(entry, number, attributes.gidTableLength(), unusable))
            .stream()
            .flatMap(Optional::stream)
            .toList();
    fields.unique("gids", "index");
    Port port =
        links == null
            ? Port.ofHere(number, attributes, entries)
            : Port.of(number, attributes, entries, links);
    unusable.removeAll(port.elsewhere());
    return new Port(
        number,
        attributes,
        netdev.isEmpty() ? port.netdev() : netdev,
        port.gids(),
        port.podGids(),
        unusable);
  }

  /** As the kernel's tools write it, or as configfs does. */
  private static String roceMode(JsonFields fields) {
    String text = fields.word("defaultRoceMode", ROCE_MODES, "");
    return GidType.fromSysfsText(text).map(GidType::kernelText).orElse(text);
  }

  /**
   * Empty where there is a problem.
   *
   * @param unusable gets its slot where no program can use its address
   */
  private static Optional<PortEntry> entry(
      JsonFields fields, int port, int slots, Set<Integer> unusable) {
    int index = fields.requiredNumber("index", 0, Math.max(0, slots - 1));
    if (slots == 0) {
      fields.problem(fields.at("index"), "is of a table of no slots");
    }
    int ifindex = fields.number("ifindex", 0, Integer.MAX_VALUE, 0);
    String netdev = fields.text("netdev", "");
    if (!fields.flag("usable", true)) {
      unusable.add(index);
    }
    String typeText = fields.requiredText("type");
    Optional<GidType> type = GidType.fromKernelText(typeText);
    if (type.isEmpty() && !typeText.isEmpty()) {
      fields.problem(fields.at("type"), "is '" + typeText + "', not one of IB, RoCE v1, RoCE v2");
    }
    Optional<Gid> gid = gid(fields);
    return gid.isEmpty() || type.isEmpty()
        ? Optional.empty()
        : Optional.of(new PortEntry(port, index, gid.get(), type.get(), ifindex, netdev));
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
}
