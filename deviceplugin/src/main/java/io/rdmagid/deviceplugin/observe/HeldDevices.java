package io.rdmagid.deviceplugin.observe;

import io.rdmagid.deviceplugin.inventory.Device;
import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.inventory.UnreadDevice;
import io.rdmagid.deviceplugin.netlink.HostLinks;
import io.rdmagid.deviceplugin.verbs.Reply;
import io.rdmagid.deviceplugin.verbs.Verbs;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All devices of the node: those that can be opened, and those that are there but could not be or
 * had to be let go. It belongs to the observing thread. Times are {@code System.nanoTime}.
 */
final class HeldDevices implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HeldDevices.class);

  private final Verbs verbs;
  private final Predicate<String> nodeExists;
  private final boolean stayOpen;
  private final ObserveMetrics metrics;
  private final Consumer<String> refusals;
  private final Map<String, HeldDevice> held = new TreeMap<>();

  /** Those that are there but not held, by name. */
  private final Map<String, UnreadDevice> closed = new TreeMap<>();

  /** Why the last reading of a device failed, by name, for as long as it does; told once. */
  private final Map<String, String> refusedReads = new TreeMap<>();

  /** Whether one was let go that may be there again, or still, since the last look. */
  private boolean lookWanted;

  private @Nullable Set<Verbs.DeviceNode> listed;
  private String listRefusal = "";

  /**
   * Opens nothing yet.
   *
   * @param nodeExists whether the device node of this name is there
   * @param stayOpen whether devices are open all the time, so that their events come, or only while
   *     they are read
   * @param refusals told what {@link #inventory} cannot say: {@link InventoryListener#refused}
   */
  HeldDevices(
      Verbs verbs,
      Predicate<String> nodeExists,
      boolean stayOpen,
      ObserveMetrics metrics,
      Consumer<String> refusals) {
    this.verbs = verbs;
    this.nodeExists = nodeExists;
    this.stayOpen = stayOpen;
    this.metrics = metrics;
    this.refusals = refusals;
  }

  /**
   * Looks at what is there, closes what is gone or has another name by now, and opens what is not
   * open.
   *
   * @return whether other devices, or device nodes, are there than at the look before, or one had
   *     to be let go since
   */
  boolean look(Instant at, long now) {
    boolean anyGone = lookWanted;
    lookWanted = false;
    for (HeldDevice device : List.copyOf(held.values())) {
      if (!nodeExists.test(device.node().uverbs())) {
        letGo(device, "its device node is gone"); // some drivers wait for that to remove it
        anyGone = true;
      }
    }
    boolean others =
        switch (verbs.devices()) {
          case Reply.Ok<List<Verbs.DeviceNode>>(List<Verbs.DeviceNode> there) -> {
            listRefusal = "";
            closeRenamed(there);
            openClosed(there, at, now);
            Set<Verbs.DeviceNode> before = listed;
            listed = Set.copyOf(there);
            yield !listed.equals(before);
          }
          case Reply.Refused<List<Verbs.DeviceNode>> refused -> {
            if (!refused.describe().equals(listRefusal)) {
              listRefusal = refused.describe();
              warn(refused);
              refusals.accept(refused.describe());
            }
            yield false;
          }
        };
    metrics.held(held.size());
    return anyGone || others;
  }

  /** Whether it is known which devices there are. */
  boolean areListed() {
    return listed != null;
  }

  /** The event descriptors of the open ones. */
  List<Integer> eventDescriptors() {
    return held.values().stream()
        .flatMapToInt(device -> device.eventDescriptor().stream())
        .boxed()
        .toList();
  }

  /**
   * Takes the waiting events.
   *
   * @param ready the descriptors that have some
   * @return whether a device had to be closed: it may be gone, or back already
   */
  boolean drain(List<Integer> ready, Instant at, long now) {
    boolean anyClosed = false;
    for (HeldDevice device : List.copyOf(held.values())) {
      if (device.eventDescriptor().stream().anyMatch(ready::contains)) {
        switch (device.drainEvents()) {
          case NONE -> {}
          case CHANGED -> device.touch(at, now);
          case REMOVED -> {
            letGo(device, "the kernel removes it");
            lookWanted = true;
            anyClosed = true;
          }
        }
      }
    }
    return anyClosed;
  }

  /** Asks for a reading of all. */
  void touchAll(Instant at, long now) {
    held.values().forEach(device -> device.touchAll(at, now));
  }

  /**
   * Asks for a reading of those that the hints are about, a while later.
   *
   * @param hints what netlink told
   */
  void hint(NetlinkHints.Hints hints, Instant at, long now) {
    for (HeldDevice device : held.values()) {
      if (hints.everything() || device.dependsOn(hints.ifindexes())) {
        device.hint(at, now);
      }
    }
  }

  /** How long until the next reading is due, but at most {@code otherwise}. */
  long within(long otherwise, long now) {
    long wait = otherwise;
    for (HeldDevice device : held.values()) {
      if (device.pendingSince() != null) {
        wait = Math.min(wait, device.dueAt() - now);
      }
    }
    return wait;
  }

  /**
   * Reads what is due and gives the time of the oldest event behind it, or null if nothing was due.
   * What is refused is tried again, but for a device that is lost: that is let go, and a look tells
   * what is there in its place.
   *
   * @param links read once, and only where something is due
   */
  @Nullable Instant readDue(Supplier<HostLinks.Reading> links, LongSupplier nanoTime) {
    long now = nanoTime.getAsLong();
    Instant oldest = null;
    HostLinks.Reading current = null;
    for (HeldDevice device : List.copyOf(held.values())) {
      Instant since = device.pendingSince();
      if (since == null || device.dueAt() - now > 0) {
        continue;
      }
      current = current == null ? links.get() : current;
      oldest = oldest == null || since.isBefore(oldest) ? since : oldest;
      switch (device.read(current, nanoTime)) {
        case Reply.Ok<Device>(Device read) -> {
          metrics.tableRead(read.name(), read.readBy());
          refusedReads.remove(read.name());
        }
        case Reply.Refused<Device> refused -> {
          metrics.refused(refused.device());
          boolean isNews =
              !refused.describe().equals(refusedReads.put(refused.device(), refused.describe()));
          if (isNews) {
            warn(refused);
          }
          if (device.isLost()) {
            letGo(device, unread(device.node(), refused));
            lookWanted |= isNews; // one that opens only to refuse the same has to wait for its look
          } else {
            if (isNews && device.known() != null) {
              refusals.accept(refused.describe());
            }
            device.tryAgain(since, nanoTime.getAsLong()); // what is published may be wrong
          }
        }
      }
    }
    metrics.held(held.size());
    return oldest;
  }

  /** Whether a look is worth while at once: a device was let go, and may be there again already. */
  boolean wantsLook() {
    return lookWanted;
  }

  /** What is known. */
  Inventory inventory() {
    List<UnreadDevice> unread = new ArrayList<>(closed.values());
    held.forEach((name, device) -> {
      if (device.known() == null) {
        Reply.Refused<Device> refusal = device.refusal();
        unread.add(
            refusal == null
                ? UnreadDevice.refused(name, "it has not been read yet")
                : unread(device.node(), refusal));
      }
    });
    return new Inventory(
        held.values().stream().map(HeldDevice::known).filter(Objects::nonNull).toList(), unread);
  }

  @Override
  public void close() {
    held.values().forEach(HeldDevice::close);
    held.clear();
  }

  /** A name or a device node can come to belong to another: udev renames, a hot-plug reuses. */
  private void closeRenamed(List<Verbs.DeviceNode> there) {
    for (HeldDevice device : List.copyOf(held.values())) {
      Verbs.DeviceNode node = device.node();
      there.stream()
          .filter(other -> !other.equals(node))
          .filter(other -> other.uverbs().equals(node.uverbs()) || other.name().equals(node.name()))
          .findFirst()
          .ifPresent(other -> letGo(device, other.uverbs() + " is " + other.name() + " now"));
    }
  }

  private void openClosed(List<Verbs.DeviceNode> there, Instant at, long now) {
    Set<String> names = new HashSet<>();
    for (Verbs.DeviceNode node : there) {
      names.add(node.name());
      if (!held.containsKey(node.name())) {
        open(node, at, now);
      }
    }
    closed.keySet().retainAll(names);
    refusedReads.keySet().retainAll(names);
  }

  private void open(Verbs.DeviceNode node, Instant at, long now) {
    if (!nodeExists.test(node.uverbs())) {
      closed.putIfAbsent(
          node.name(), UnreadDevice.refused(node.name(), "no device node " + node.uverbs()));
      return; // it has just gone, or is about to come: a look soon tells
    }
    switch (HeldDevice.open(verbs, node, stayOpen)) {
      case Reply.Ok<HeldDevice>(HeldDevice opened) -> {
        opened.touch(at, now);
        held.put(node.name(), opened);
        closed.remove(node.name());
        LOG.atInfo()
            .addKeyValue("device", node.name())
            .addKeyValue("uverbs", node.uverbs())
            .log("device observed");
      }
      case Reply.Refused<HeldDevice> refused -> {
        metrics.refused(node.name());
        UnreadDevice unread = unread(node, refused);
        if (!unread.equals(closed.put(node.name(), unread))) {
          warn(refused);
        }
      }
    }
  }

  private void letGo(HeldDevice device, String reason) {
    letGo(device, UnreadDevice.refused(device.node().name(), reason));
  }

  private void letGo(HeldDevice device, UnreadDevice unread) {
    device.close();
    held.remove(unread.name());
    closed.put(unread.name(), unread); // until a look shows that it is gone
    LOG.atInfo()
        .addKeyValue("device", unread.name())
        .addKeyValue("reason", unread.reason())
        .log("device let go");
  }

  private UnreadDevice unread(Verbs.DeviceNode node, Reply.Refused<?> refused) {
    return Unread.of(verbs, node, refused);
  }

  private static void warn(Reply.Refused<?> refused) {
    LOG.atWarn().addKeyValue("reason", refused.describe()).log("device call refused");
  }
}
