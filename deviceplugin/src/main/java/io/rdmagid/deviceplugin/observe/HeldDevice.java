package io.rdmagid.deviceplugin.observe;

import io.rdmagid.deviceplugin.inventory.Device;
import io.rdmagid.deviceplugin.inventory.Link;
import io.rdmagid.deviceplugin.inventory.Port;
import io.rdmagid.deviceplugin.inventory.PortAttributes;
import io.rdmagid.deviceplugin.verbs.OpenDevice;
import io.rdmagid.deviceplugin.verbs.Reply;
import io.rdmagid.deviceplugin.verbs.Verbs;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** An open device with what is known of it. It belongs to the observing thread. */
final class HeldDevice implements AutoCloseable {
  private final OpenDevice device;
  private final OpenDevice.Description description;
  private final ReadWindow window = new ReadWindow();
  private @Nullable Device known;
  private @Nullable Instant eventAt;
  private boolean onlyHinted;
  private long dueAt;

  private HeldDevice(OpenDevice device, OpenDevice.Description description) {
    this.device = device;
    this.description = description;
  }

  /** Opens a device, and asks what it is. */
  static Reply<HeldDevice> open(Verbs verbs, Verbs.DeviceNode node) {
    return switch (verbs.open(node)) {
      case Reply.Ok<OpenDevice>(OpenDevice device) ->
          switch (device.describe()) {
            case Reply.Ok<OpenDevice.Description>(OpenDevice.Description description) ->
                new Reply.Ok<>(new HeldDevice(device, description));
            case Reply.Refused<OpenDevice.Description> refused -> {
              device.close();
              yield refused.as();
            }
          };
      case Reply.Refused<OpenDevice> refused -> refused.as();
    };
  }

  OpenDevice device() {
    return device;
  }

  /** As last read. */
  @Nullable Device known() {
    return known;
  }

  /** Asks for a reading because of an event. */
  void touch(Instant at, long now) {
    if (eventAt == null || onlyHinted) {
      eventAt = at;
      dueAt = window.earliest(now);
      onlyHinted = false;
    }
  }

  /** Asks for a reading a while after something else told of a change, unless an event comes. */
  void hint(Instant at, long now) {
    if (eventAt == null) {
      eventAt = at;
      dueAt = window.afterHint(now);
      onlyHinted = true;
    }
  }

  /**
   * Whether an entry has the number of one of these links: only then can the reading depend on it.
   * An entry that is yet to come has an event of its own.
   *
   * @param ifindexes of the own network namespace
   */
  boolean dependsOn(Set<Integer> ifindexes) {
    return known != null
        && known.ports().stream()
            .flatMap(port -> port.table().stream())
            .anyMatch(entry -> ifindexes.contains(entry.ifindex()));
  }

  /** When the first event that no reading has covered came, or null if there is none. */
  @Nullable Instant pendingSince() {
    return eventAt;
  }

  /** When the reading is due ({@code System.nanoTime}); meaningless where nothing is pending. */
  long dueAt() {
    return dueAt;
  }

  /**
   * Reads all ports and their tables: a call for each port's state, and mostly one for all tables.
   */
  Reply<Device> read(Map<Integer, Link> links, long now) {
    eventAt = null; // first: what comes while we read asks for another reading
    window.read(now);
    Map<Integer, PortAttributes> ports = new TreeMap<>();
    for (int number = 1; number <= description.ports(); number++) {
      switch (device.port(number)) {
        case Reply.Ok<PortAttributes>(PortAttributes attributes) -> ports.put(number, attributes);
        case Reply.Refused<PortAttributes> refused -> {
          return refused.as();
        }
      }
    }
    Reply<Device> reply = device.tables(ports).map(tables -> assemble(ports, tables, links));
    if (reply instanceof Reply.Ok<Device>(Device read)) {
      known = read;
    }
    return reply;
  }

  @Override
  public void close() {
    device.close();
  }

  private Device assemble(
      Map<Integer, PortAttributes> ports, OpenDevice.Tables tables, Map<Integer, Link> links) {
    List<Port> assembled = new ArrayList<>();
    ports.forEach((number, attributes) ->
        assembled.add(
            Port.of(
                number,
                attributes,
                tables.entries().stream().filter(entry -> entry.port() == number).toList(),
                links)));
    return new Device(
        device.node().name(),
        device.node().uverbs(),
        description.attributes(),
        assembled,
        tables.readBy());
  }
}
