package io.rdmagid.deviceplugin.recording;

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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/** Recordings as {@code record} can make them, small, with everything that decides something. */
final class RandomRecordings {
  private static final long HARDWARE = 0x5254_0000_0012L;

  /** The last one is the default GID of {@link #HARDWARE}. */
  private static final List<Gid> GIDS =
      List.of(
          Gid.parse("::ffff:10.0.0.1"),
          Gid.parse("::ffff:10.0.0.2"),
          Gid.parse("::ffff:169.254.3.4"),
          Gid.parse("fe80::1"),
          Gid.parse("fd00::1"),
          Gid.parse("fe80::5054:ff:fe00:12"));

  private static final List<String> TEXTS =
      List.of("", "a", "mlx5_core", "RoCE v2", "q\"b\\n\n\u0001 é☃\ud83d\ude00", "0000:19:00.0");

  private static final List<GidType> TYPES = List.of(GidType.values());

  private static final List<RdmaNamespaceMode> MODES = List.of(RdmaNamespaceMode.values());

  private final Random random;
  private final Map<Integer, Link> links = new TreeMap<>();

  private RandomRecordings(Random random) {
    this.random = random;
  }

  static Recording of(Random random) {
    RandomRecordings made = new RandomRecordings(random);
    return random.nextInt(4) == 0 ? made.withoutLinks() : made.withLinks();
  }

  private Recording withoutLinks() {
    return new Recording(capture(), inventory(false), null, environment());
  }

  private Recording withLinks() {
    for (int ifindex = 1; ifindex <= 6; ifindex++) {
      if (random.nextBoolean()) {
        Set<Gid> addresses = new HashSet<>();
        GIDS.stream().filter(_ -> random.nextInt(3) == 0).forEach(addresses::add);
        Set<Gid> unusable = new HashSet<>(addresses);
        unusable.removeIf(_ -> random.nextInt(4) > 0);
        links.put(
            ifindex,
            new Link(
                ifindex, "l" + ifindex, random.nextBoolean() ? HARDWARE : 0, addresses, unusable));
      }
    }
    List<LinkDescription> descriptions = new ArrayList<>();
    for (Link link : links.values()) {
      if (random.nextInt(5) > 0) { // else it went before it was described
        descriptions.add(description(link));
      }
    }
    return Recording.of(capture(), inventory(true), descriptions, environment());
  }

  private LinkDescription description(Link link) {
    List<LinkAddress> addresses = new ArrayList<>();
    for (Gid gid : GIDS) {
      if (link.addresses().contains(gid)) {
        addresses.add(
            random.nextBoolean() ? LinkAddress.of(gid) : LinkAddress.of(gid, random.nextInt(129)));
      }
    }
    String name = random.nextInt(5) > 0 ? link.name() : "renamed" + link.ifindex();
    return new LinkDescription(
        link.ifindex(), name, text(), text(), random.nextInt(3) * 1500, text(), addresses);
  }

  private Inventory inventory(boolean linksKnown) {
    return new Inventory(devices(linksKnown), unread(), MODES.get(random.nextInt(MODES.size())));
  }

  private List<UnreadDevice> unread() {
    List<UnreadDevice> unread = new ArrayList<>();
    UnreadDevice.Cause[] causes = UnreadDevice.Cause.values();
    for (int i = 0; i < random.nextInt(3); i++) {
      unread.add(
          new UnreadDevice(
              "unread" + i,
              causes[random.nextInt(causes.length)],
              text(),
              attributes(),
              random.nextBoolean() ? List.of() : List.of(1, 2)));
    }
    return unread;
  }

  private List<Device> devices(boolean linksKnown) {
    List<Device> devices = new ArrayList<>();
    for (int i = 0; i < random.nextInt(4); i++) {
      List<Port> ports = new ArrayList<>();
      for (int number = 1; number <= random.nextInt(3); number++) {
        ports.add(port(number, linksKnown));
      }
      devices.add(new Device("d" + i, text(), attributes(), ports, ReadBy.RECORDING));
    }
    return devices;
  }

  private DeviceAttributes attributes() {
    return new DeviceAttributes(
        text(),
        text(),
        text(),
        text(),
        text(),
        text(),
        text(),
        random.nextInt(3) - 1,
        random.nextInt(3) - 1);
  }

  private Port port(int number, boolean linksKnown) {
    PortAttributes attributes =
        new PortAttributes(
            random.nextBoolean() ? PortAttributes.ETHERNET : PortAttributes.INFINIBAND,
            random.nextBoolean() ? PortAttributes.ACTIVE : "ARMED",
            text(),
            random.nextInt(3) * 1024,
            List.of(0.0, 2.5, 100.0, 0.1).get(random.nextInt(4)),
            random.nextInt(20),
            List.of("", "RoCE v1", "RoCE v2").get(random.nextInt(3)));
    List<PortEntry> entries = new ArrayList<>();
    for (int index = 0; index < attributes.gidTableLength(); index++) {
      if (random.nextBoolean()) {
        entries.add(
            new PortEntry(
                number,
                index,
                GIDS.get(random.nextInt(GIDS.size())),
                TYPES.get(random.nextInt(TYPES.size())),
                random.nextInt(9),
                random.nextBoolean() ? "l" + random.nextInt(9) : ""));
      }
    }
    Port port =
        linksKnown
            ? Port.of(number, attributes, entries, links)
            : Port.ofHere(number, attributes, entries);
    return random.nextInt(4) > 0
        ? port
        : new Port(number, attributes, "other", port.gids(), port.podGids(), port.unusable());
  }

  private Capture capture() {
    return new Capture(text(), text(), text());
  }

  private Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>();
    for (int i = 0; i < random.nextInt(3); i++) {
      environment.put("NAME_" + i, text());
    }
    return environment;
  }

  private String text() {
    return TEXTS.get(random.nextInt(TEXTS.size()));
  }
}
