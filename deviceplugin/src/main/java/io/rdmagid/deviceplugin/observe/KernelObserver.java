package io.rdmagid.deviceplugin.observe;

import io.rdmagid.deviceplugin.inventory.Device;
import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.inventory.InventoryDiff;
import io.rdmagid.deviceplugin.inventory.Link;
import io.rdmagid.deviceplugin.netlink.HostLinks;
import io.rdmagid.deviceplugin.netlink.RouteSocket;
import io.rdmagid.deviceplugin.posix.Errno;
import io.rdmagid.deviceplugin.posix.FileDescriptors;
import io.rdmagid.deviceplugin.posix.WakeUp;
import io.rdmagid.deviceplugin.verbs.NativeVerbs;
import io.rdmagid.deviceplugin.verbs.OpenDevice;
import io.rdmagid.deviceplugin.verbs.Reply;
import io.rdmagid.deviceplugin.verbs.Verbs;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads every device once its event descriptor is open, so that no change falls between, and again
 * when an event says so. {@link #run} is the whole life of the observing thread, which alone opens,
 * reads and closes devices; {@link #stop} may come from any thread.
 *
 * <p>While nothing changes the thread sleeps in poll, but for a slow re-reading of everything that
 * catches what no event told.
 */
public final class KernelObserver implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(KernelObserver.class);

  private static final Duration OPEN_RETRY = Duration.ofMinutes(1);

  private final Settings settings;
  private final InventoryListener listener;
  private final ObserveMetrics metrics;
  private final Clock clock;
  private final WakeUp wakeUp = WakeUp.create();
  private final Map<String, HeldDevice> held = new TreeMap<>();
  private volatile boolean stopped;
  private @Nullable Inventory published;
  private long resyncAt;

  /**
   * What can be set.
   *
   * @param sysfs where sysfs is mounted, usually /sys
   * @param deviceNodes usually /dev/infiniband
   * @param resync how long at least between two readings of everything; a random fifth is added
   */
  public record Settings(Path sysfs, Path deviceNodes, Duration resync) {}

  /** Makes an observer that does nothing before {@link #run}. */
  public KernelObserver(
      Settings settings, InventoryListener listener, ObserveMetrics metrics, Clock clock) {
    this.settings = settings;
    this.listener = listener;
    this.metrics = metrics;
    this.clock = clock;
  }

  /** Ends {@link #run} soon. */
  public void stop() {
    stopped = true;
    wakeUp.signal();
  }

  /**
   * Observes until {@link #stop}. Belongs on a platform thread of its own.
   *
   * @throws IllegalStateException if the node has no libibverbs, or the kernel refuses what
   *     everything rests on
   */
  @Override
  public void run() {
    try (FileDescriptors descriptors = new FileDescriptors();
        Verbs verbs = new NativeVerbs(descriptors, settings.sysfs());
        HostLinks links = new HostLinks(new RouteSocket());
        DeviceNodes nodes = new DeviceNodes(descriptors, settings.deviceNodes())) {
      try {
        scheduleResync();
        openNew(verbs, nodes);
        readDue(links, System.nanoTime());
        publish(clock.instant());
        while (!stopped) {
          waitAndHandle(descriptors, verbs, links, nodes);
        }
      } finally {
        held.values().forEach(HeldDevice::close);
        held.clear();
      }
    }
  }

  private void waitAndHandle(
      FileDescriptors descriptors, Verbs verbs, HostLinks links, DeviceNodes nodes) {
    List<Integer> set = new ArrayList<>(List.of(wakeUp.descriptor(), nodes.descriptor()));
    held.values().forEach(device -> set.add(device.device().eventDescriptor()));
    List<Integer> ready = descriptors.poll(set, timeoutMillis(System.nanoTime()));
    Instant eventAt = clock.instant();
    long now = System.nanoTime();
    boolean changed = false;
    if (ready.contains(nodes.descriptor())) {
      nodes.drain();
      changed = letGo(nodes);
      openNew(verbs, nodes);
    }
    for (HeldDevice device : List.copyOf(held.values())) {
      if (ready.contains(device.device().eventDescriptor())) {
        changed |= drain(device, eventAt, now);
      }
    }
    if (changed) {
      openNew(verbs, nodes); // a device that went may already be back under the same name
    }
    if (now - resyncAt >= 0) {
      scheduleResync();
      openNew(verbs, nodes);
      held.values().forEach(device -> device.touch(eventAt, now));
    }
    Instant oldest = readDue(links, now);
    if (oldest != null || changed) {
      publish(oldest == null ? eventAt : oldest);
    }
  }

  /**
   * How long to sleep: until a reading is due, but at most until the next re-reading of everything.
   */
  private int timeoutMillis(long now) {
    long wait = resyncAt - now;
    for (HeldDevice device : held.values()) {
      if (device.pendingSince() != null) {
        wait = Math.min(wait, device.dueAt() - now);
      }
    }
    long millis = Duration.ofNanos(Math.max(0, wait)).plusNanos(999_999).toMillis();
    return (int) Math.min(millis, Integer.MAX_VALUE);
  }

  private void scheduleResync() {
    long base = settings.resync().toNanos();
    resyncAt = System.nanoTime() + base + ThreadLocalRandom.current().nextLong(base / 5 + 1);
  }

  private void openNew(Verbs verbs, DeviceNodes nodes) {
    switch (verbs.devices()) {
      case Reply.Ok<List<Verbs.DeviceNode>>(List<Verbs.DeviceNode> there) -> {
        for (Verbs.DeviceNode node : there) {
          if (!held.containsKey(node.name()) && nodes.exists(node.uverbs())) {
            open(verbs, node);
          }
        }
      }
      case Reply.Refused<List<Verbs.DeviceNode>> refused -> {
        // ENOSYS: no RDMA module is loaded yet (libibverbs finds no uverbs ABI version).
        if (refused.errno() != Errno.ENOSYS.code()) {
          warn(refused);
        }
      }
    }
    metrics.held(held.size());
  }

  private void open(Verbs verbs, Verbs.DeviceNode node) {
    switch (verbs.open(node)) {
      case Reply.Ok<OpenDevice>(OpenDevice device) -> {
        switch (device.describe()) {
          case Reply.Ok<OpenDevice.Description>(OpenDevice.Description description) -> {
            HeldDevice opened = new HeldDevice(device, description);
            opened.touch(clock.instant(), System.nanoTime());
            held.put(node.name(), opened);
            LOG.atInfo()
                .addKeyValue("device", node.name())
                .addKeyValue("uverbs", node.uverbs())
                .log("device opened");
          }
          case Reply.Refused<OpenDevice.Description> refused -> {
            device.close();
            warn(refused);
            retryOpening();
          }
        }
      }
      case Reply.Refused<OpenDevice> refused -> {
        warn(refused);
        retryOpening();
      }
    }
  }

  /** No event tells when a device can be opened after all. */
  private void retryOpening() {
    long retryAt = System.nanoTime() + OPEN_RETRY.toNanos();
    if (resyncAt - retryAt > 0) {
      resyncAt = retryAt;
    }
  }

  /** Closes the devices whose node is gone: some drivers wait for that to remove them. */
  private boolean letGo(DeviceNodes nodes) {
    boolean any = false;
    for (HeldDevice device : List.copyOf(held.values())) {
      if (!nodes.exists(device.device().node().uverbs())) {
        remove(device);
        any = true;
      }
    }
    return any;
  }

  /** Whether the device is gone. */
  private boolean drain(HeldDevice device, Instant eventAt, long now) {
    return switch (device.device().drainEvents()) {
      case NONE -> false;
      case CHANGED -> {
        device.touch(eventAt, now);
        yield false;
      }
      case REMOVED -> {
        remove(device);
        yield true;
      }
    };
  }

  private void remove(HeldDevice device) {
    device.close();
    held.remove(device.device().node().name());
    metrics.held(held.size());
    LOG.atInfo().addKeyValue("device", device.device().node().name()).log("device let go");
  }

  /**
   * Reads what is due and gives the time of the oldest event behind it, or null if nothing was due.
   */
  private @Nullable Instant readDue(HostLinks links, long now) {
    Instant oldest = null;
    Map<Integer, Link> current = null;
    for (HeldDevice device : List.copyOf(held.values())) {
      Instant since = device.pendingSince();
      if (since == null || device.dueAt() - now > 0) {
        continue;
      }
      current = current == null ? links.read() : current;
      oldest = oldest == null || since.isBefore(oldest) ? since : oldest;
      switch (device.read(current, now)) {
        case Reply.Ok<Device> _ -> metrics.tableRead(device.device().node().name());
        case Reply.Refused<Device> refused -> {
          warn(refused);
          if (refused.errno() == Errno.EIO.code() || refused.errno() == Errno.ENODEV.code()) {
            remove(device);
          } else {
            device.touch(since, now); // what is published may be wrong: again after the window
          }
        }
      }
    }
    return oldest;
  }

  private void publish(Instant eventAt) {
    Inventory inventory =
        new Inventory(
            held.values().stream().map(HeldDevice::known).filter(Objects::nonNull).toList());
    if (inventory.equals(published)) {
      return;
    }
    if (published != null) {
      InventoryDiff.between(published, inventory)
          .forEach(change -> LOG.atInfo().addKeyValue("change", change).log("inventory changed"));
    }
    published = inventory;
    listener.changed(inventory, eventAt);
  }

  private void warn(Reply.Refused<?> refused) {
    metrics.refused(refused.device());
    LOG.atWarn().addKeyValue("reason", refused.describe()).log("device call refused");
  }
}
