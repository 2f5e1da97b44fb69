package io.rdmagid.deviceplugin.observe;

import io.rdmagid.deviceplugin.inventory.Device;
import io.rdmagid.deviceplugin.inventory.Link;
import io.rdmagid.deviceplugin.inventory.Port;
import io.rdmagid.deviceplugin.inventory.PortAttributes;
import io.rdmagid.deviceplugin.netlink.HostLinks;
import io.rdmagid.deviceplugin.pace.Doubling;
import io.rdmagid.deviceplugin.posix.Errno;
import io.rdmagid.deviceplugin.verbs.OpenDevice;
import io.rdmagid.deviceplugin.verbs.Reply;
import io.rdmagid.deviceplugin.verbs.Verbs;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A device that can be opened, with what is known of it: open all the time, or for a reading only.
 * It belongs to the observing thread.
 */
final class HeldDevice implements AutoCloseable {
  /**
   * After a hint a device that is not open is read again this much later each time: messages of
   * addresses and links come before the kernel changes the table, from another of its threads, and
   * nobody hears when it is done.
   */
  static final List<Duration> AFTER_A_HINT = List.of(Duration.ofMillis(100), Duration.ofSeconds(1));

  /** Until a reading that was refused is tried again. */
  private static final Doubling PAUSES = new Doubling(LookAgain.FIRST, LookAgain.LONGEST);

  private final Verbs verbs;
  private final Verbs.DeviceNode node;
  private final boolean staysOpen;
  private final ReadWindow window = new ReadWindow();
  private @Nullable OpenDevice open;
  private OpenDevice.Description description;
  private @Nullable Device known;
  private Reply.@Nullable Refused<Device> refusal;
  private boolean lost;
  private @Nullable Instant eventAt;
  private boolean onlyHinted;
  private boolean describeAgain;
  private int pfIfindex;
  private long dueAt;
  private int furtherReadings;

  /** How many readings were refused one after the other since the last event. */
  private int refusedReadings;

  private HeldDevice(
      Verbs verbs, boolean staysOpen, OpenDevice open, OpenDevice.Description description) {
    this.verbs = verbs;
    this.node = open.node();
    this.staysOpen = staysOpen;
    this.open = open;
    this.description = description;
  }

  /**
   * Opens a device, and asks what it is.
   *
   * @param staysOpen whether it is open from then on, and its events come; else until the first
   *     {@link #read} has ended, and in each further one
   */
  static Reply<HeldDevice> open(Verbs verbs, Verbs.DeviceNode node, boolean staysOpen) {
    return Opened.of(verbs, node)
        .map(opened -> new HeldDevice(verbs, staysOpen, opened.device(), opened.description()));
  }

  private record Opened(OpenDevice device, OpenDevice.Description description) {
    static Reply<Opened> of(Verbs verbs, Verbs.DeviceNode node) {
      return switch (verbs.open(node)) {
        case Reply.Ok<OpenDevice>(OpenDevice device) ->
            switch (device.describe()) {
              case Reply.Ok<OpenDevice.Description>(OpenDevice.Description description) ->
                  new Reply.Ok<>(new Opened(device, description));
              case Reply.Refused<OpenDevice.Description> refused -> {
                device.close();
                yield refused.as();
              }
            };
        case Reply.Refused<OpenDevice> refused -> refused.as();
      };
    }
  }

  Verbs.DeviceNode node() {
    return node;
  }

  /** Readable when events wait; none while it is not open, or where none come. */
  OptionalInt eventDescriptor() {
    return open == null ? OptionalInt.empty() : open.eventDescriptor();
  }

  /** Takes all waiting events. */
  OpenDevice.Events drainEvents() {
    return open == null ? OpenDevice.Events.NONE : open.drainEvents();
  }

  /** As last read. */
  @Nullable Device known() {
    return known;
  }

  /** Why the last reading failed, or null. */
  Reply.@Nullable Refused<Device> refusal() {
    return refusal;
  }

  /**
   * Whether the last reading says that this device is no more: the kernel removes it, or it does
   * not open, for a reason that does not pass by itself.
   */
  boolean isLost() {
    return lost;
  }

  /** Asks for a reading because of an event or a hint. */
  void touch(Instant at, long now) {
    refusedReadings = 0;
    furtherReadings = staysOpen ? 0 : AFTER_A_HINT.size();
    boolean hinted = onlyHinted;
    if (eventAt == null || hinted || dueAt - window.earliest(now) > 0) {
      dueAt = window.earliest(now);
      onlyHinted = false;
    }
    eventAt = eventAt == null || hinted ? at : eventAt;
  }

  /**
   * Asks for a reading of everything, what the device is included: of that no event tells, and what
   * the physical function's netdev is called may change.
   */
  void touchAll(Instant at, long now) {
    describeAgain = true;
    touch(at, now);
  }

  /**
   * Asks for a reading a while after something else told of a change, unless an event comes. Of a
   * device that is not open no event comes. What the device is can only change with a link where it
   * is a virtual function.
   */
  void hint(Instant at, long now) {
    describeAgain |= isVirtual();
    if (!staysOpen) {
      touch(at, now);
    } else if (eventAt == null || dueAt - window.afterHint(now) > 0) {
      eventAt = eventAt == null ? at : eventAt;
      dueAt = window.afterHint(now);
      onlyHinted = true;
    }
  }

  /**
   * Asks for another reading since the last was refused: after 100 ms, then twice that each time,
   * up to a minute, for as long as it is. An event begins anew, and a hint brings it forward.
   */
  void tryAgain(Instant at, long now) {
    if (eventAt == null) {
      eventAt = at;
      dueAt = now + PAUSES.after(refusedReadings - 1).toNanos();
    }
  }

  /**
   * Whether an entry has the number of one of these links, or it is the physical function's: only
   * then can the reading depend on it. An entry that is yet to come has an event of its own, but
   * where the device is not open. Any link may come to be that of a physical function that has
   * none.
   *
   * @param ifindexes of the own network namespace
   */
  boolean dependsOn(Set<Integer> ifindexes) {
    if (!staysOpen) {
      return !ifindexes.isEmpty();
    }
    Device last = known;
    if (last == null) {
      return false;
    }
    return (isVirtual() && (pfIfindex == 0 ? !ifindexes.isEmpty() : ifindexes.contains(pfIfindex)))
        || last.ports().stream()
            .flatMap(port -> port.table().stream())
            .anyMatch(entry -> ifindexes.contains(entry.ifindex()));
  }

  private boolean isVirtual() {
    return description.attributes().vfIndex() >= 0;
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
   *
   * @param links without which nothing is read: entries need the names of their netdevs
   * @param nanoTime asked when it starts and when it ends
   */
  Reply<Device> read(HostLinks.Reading links, LongSupplier nanoTime) {
    long start = nanoTime.getAsLong();
    Instant since = eventAt;
    eventAt = null; // first: what comes while we read asks for another reading
    lost = false;
    Reply<Device> reply =
        switch (links) {
          case HostLinks.Reading.Read(Map<Integer, Link> current) -> read(current);
          case HostLinks.Reading.Refused(String operation, int errno) ->
              new Reply.Refused<>(operation, node.name(), errno, "");
        };
    switch (reply) {
      case Reply.Ok<Device>(Device read) -> {
        known = read;
        refusal = null;
        refusedReadings = 0;
      }
      case Reply.Refused<Device> refused -> {
        refusal = refused;
        refusedReadings++;
      }
    }
    if (!staysOpen) {
      close();
    }
    long end = nanoTime.getAsLong();
    window.read(start, end);
    if (furtherReadings > 0 && since != null) {
      dueAt = end + AFTER_A_HINT.get(AFTER_A_HINT.size() - furtherReadings).toNanos();
      furtherReadings--;
      eventAt = since;
    }
    return reply;
  }

  private Reply<Device> read(Map<Integer, Link> links) {
    return switch (opened()) {
      case Reply.Ok<OpenDevice>(OpenDevice device) -> {
        Reply<Device> reply = read(device, links);
        lost =
            reply instanceof Reply.Refused<Device> refused
                && (refused.errno() == Errno.EIO.code() || refused.errno() == Errno.ENODEV.code());
        yield reply;
      }
      case Reply.Refused<OpenDevice> refused -> {
        lost = !refused.mayPass();
        yield refused.as();
      }
    };
  }

  private Reply<OpenDevice> opened() {
    OpenDevice device = open;
    if (device != null) {
      return new Reply.Ok<>(device);
    }
    return Opened.of(verbs, node)
        .map(opened -> {
          open = opened.device();
          description = opened.description();
          describeAgain = false;
          return opened.device();
        });
  }

  private Reply<Device> read(OpenDevice device, Map<Integer, Link> links) {
    if (describeAgain) {
      switch (device.describe()) {
        case Reply.Ok<OpenDevice.Description>(OpenDevice.Description now) -> {
          description = now;
          describeAgain = false;
        }
        case Reply.Refused<OpenDevice.Description> refused -> {
          return refused.as();
        }
      }
    }
    pfIfindex = ifindex(description.attributes().pfName(), links);
    Map<Integer, PortAttributes> ports = new TreeMap<>();
    for (int number = 1; number <= description.ports(); number++) {
      switch (device.port(number)) {
        case Reply.Ok<PortAttributes>(PortAttributes attributes) -> ports.put(number, attributes);
        case Reply.Refused<PortAttributes> refused -> {
          return refused.as();
        }
      }
    }
    return device.tables(ports).map(tables -> assemble(ports, tables, links));
  }

  /** 0 where there is no such link. */
  private static int ifindex(String name, Map<Integer, Link> links) {
    return links.values().stream()
        .filter(link -> link.name().equals(name))
        .mapToInt(Link::ifindex)
        .findFirst()
        .orElse(0);
  }

  /** Lets the device go. */
  @Override
  public void close() {
    OpenDevice device = open;
    open = null;
    if (device != null) {
      device.close();
    }
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
        node.name(), node.uverbs(), description.attributes(), assembled, tables.readBy());
  }
}
