package io.rdmagid.deviceplugin.observe;

import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.inventory.InventoryDiff;
import io.rdmagid.deviceplugin.inventory.RdmaNamespaceMode;
import io.rdmagid.deviceplugin.netlink.HostLinks;
import io.rdmagid.deviceplugin.netlink.RouteSocket;
import io.rdmagid.deviceplugin.pace.BusyTime;
import io.rdmagid.deviceplugin.pace.Jitter;
import io.rdmagid.deviceplugin.posix.FileDescriptors;
import io.rdmagid.deviceplugin.posix.WakeUp;
import io.rdmagid.deviceplugin.verbs.NativeVerbs;
import io.rdmagid.deviceplugin.verbs.SysfsVerbs;
import io.rdmagid.deviceplugin.verbs.Verbs;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads every device once its event descriptor is open, so that no change falls between, and again
 * when an event says so. {@link #run} is the whole life of the observing thread, which alone opens,
 * reads and closes devices; {@link #stop} may come from any thread.
 *
 * <p>While nothing changes the thread sleeps in poll, but for a slow re-reading of everything that
 * catches what no event told. Nothing is told before it is known which devices there are; of one
 * that is there but cannot be read nothing is told but its name.
 */
public final class KernelObserver implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(KernelObserver.class);

  private final Settings settings;
  private final InventoryListener listener;
  private final ObserveMetrics metrics;
  private final Clock clock;
  private final LongSupplier nanoTime;
  private final Function<FileDescriptors, Verbs> openVerbs;
  private final BusyTime busy;
  private final WakeUp wakeUp = WakeUp.create();
  private final LookAgain lookAgain = new LookAgain();
  private final Jitter jitter = Jitter.random();
  private volatile boolean stopped;
  private RdmaNamespaceMode mode = RdmaNamespaceMode.UNKNOWN;
  private @Nullable Inventory published;
  private long resyncAt;

  /**
   * What can be set.
   *
   * @param sysfs where sysfs is mounted, usually /sys
   * @param deviceNodes usually /dev/infiniband; not used with {@link DeviceAccess#SYSFS}
   * @param resync how long at least between two readings of everything; a random fifth is added
   * @param access how devices are read
   */
  public record Settings(Path sysfs, Path deviceNodes, Duration resync, DeviceAccess access) {
    /** Devices are open all the time. */
    public Settings(Path sysfs, Path deviceNodes, Duration resync) {
      this(sysfs, deviceNodes, resync, DeviceAccess.HELD);
    }

    /**
     * Where a device is for as long as it is there. Of a folder of sysfs the kernel tells no watch
     * that something comes or goes.
     */
    private Path whereDevicesAre() {
      return access == DeviceAccess.SYSFS ? sysfs.resolve("class/infiniband_verbs") : deviceNodes;
    }

    private Verbs verbs(FileDescriptors descriptors) {
      return access == DeviceAccess.SYSFS
          ? new SysfsVerbs(descriptors, sysfs)
          : new NativeVerbs(descriptors, sysfs, deviceNodes);
    }
  }

  /** Makes an observer that does nothing before {@link #run}. */
  public KernelObserver(
      Settings settings, InventoryListener listener, ObserveMetrics metrics, Clock clock) {
    this(settings, listener, metrics, clock, System::nanoTime, settings::verbs);
  }

  /**
   * The same with a source of time, and of devices.
   *
   * @param openVerbs called on the observing thread
   */
  KernelObserver(
      Settings settings,
      InventoryListener listener,
      ObserveMetrics metrics,
      Clock clock,
      LongSupplier nanoTime,
      Function<FileDescriptors, Verbs> openVerbs) {
    this.settings = settings;
    this.listener = listener;
    this.metrics = metrics;
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.openVerbs = openVerbs;
    this.busy = new BusyTime(nanoTime);
  }

  /** Ends {@link #run} soon. */
  public void stop() {
    stopped = true;
    wakeUp.signal();
  }

  /**
   * For how long the observing thread has been at work without a rest, zero while it waits for
   * events. A round takes milliseconds: a minute means that it hangs in libibverbs or netlink. Any
   * thread.
   */
  public Duration busy() {
    return busy.soFar();
  }

  /**
   * Observes until {@link #stop}. Belongs on a platform thread of its own.
   *
   * @throws IllegalStateException if libibverbs is to read and is not there, or the kernel refuses
   *     what everything rests on
   */
  @Override
  public void run() {
    busy.begin();
    try (FileDescriptors descriptors = new FileDescriptors();
        Verbs verbs = openVerbs.apply(descriptors);
        HostLinks links = new HostLinks(new RouteSocket(descriptors));
        DeviceNodes nodes = new DeviceNodes(descriptors, settings.whereDevicesAre());
        NetlinkHints hints = new NetlinkHints(descriptors, settings.sysfs());
        HeldDevices devices =
            new HeldDevices(
                verbs, nodes::exists, settings.access().staysOpen(), metrics, listener::refused)) {
      long start = nanoTime.getAsLong();
      scheduleResync(start);
      round(devices, links, hints, true, clock.instant(), start);
      while (!stopped) {
        waitAndHandle(descriptors, devices, links, hints, nodes);
      }
    } finally {
      busy.end();
    }
  }

  private void waitAndHandle(
      FileDescriptors descriptors,
      HeldDevices devices,
      HostLinks links,
      NetlinkHints hints,
      DeviceNodes nodes) {
    List<Integer> set = new ArrayList<>(List.of(wakeUp.descriptor(), nodes.descriptor()));
    set.addAll(hints.descriptors());
    set.addAll(devices.eventDescriptors());
    int timeout = timeoutMillis(devices, nanoTime.getAsLong());
    busy.end();
    List<Integer> ready = descriptors.poll(set, timeout);
    busy.begin();
    Instant eventAt = clock.instant();
    long now = nanoTime.getAsLong();
    boolean look = lookAgain.due(now);
    if (ready.contains(nodes.descriptor())) {
      nodes.drain();
      look = true;
    }
    look |= devices.drain(ready, eventAt, now);
    NetlinkHints.Hints told = hints.drain(ready);
    look |= told.look();
    devices.hint(told, eventAt, now);
    if (now - resyncAt >= 0) {
      scheduleResync(now);
      devices.touchAll(eventAt, now);
      look = true;
    }
    round(devices, links, hints, look, eventAt, now);
  }

  private void round(
      HeldDevices devices,
      HostLinks links,
      NetlinkHints hints,
      boolean look,
      Instant eventAt,
      long now) {
    if (look) {
      look(devices, hints, eventAt, now);
    }
    Instant oldest = devices.readDue(links::read, nanoTime);
    boolean looked = look || devices.wantsLook();
    if (devices.wantsLook()) {
      look(devices, hints, eventAt, now);
      var _ = devices.readDue(links::read, nanoTime); // of this round: none is older
    }
    if (!devices.areListed()) {
      lookAgain.inAMinute(now);
      return;
    }
    Inventory inventory = devices.inventory().in(mode);
    if (!inventory.unread().isEmpty() || !hearsOfDevices(hints)) {
      lookAgain.inAMinute(now);
    }
    if (looked || oldest != null) {
      boolean changed = publish(inventory, oldest == null ? eventAt : oldest);
      if (looked && !changed) {
        listener.looked();
      }
    }
  }

  private void look(HeldDevices devices, NetlinkHints hints, Instant eventAt, long now) {
    mode = hints.mode();
    lookAgain.looked(devices.look(eventAt, now), now);
  }

  /** Whether anything tells of devices that come. */
  private boolean hearsOfDevices(NetlinkHints hints) {
    return settings.access() != DeviceAccess.SYSFS || hints.tellsOfDevices();
  }

  /**
   * How long to sleep: until a reading or a look is due, but at most until the next re-reading of
   * everything.
   */
  private int timeoutMillis(HeldDevices devices, long now) {
    long wait = devices.within(lookAgain.within(resyncAt - now, now), now);
    long millis = Duration.ofNanos(Math.max(0, wait)).plusNanos(999_999).toMillis();
    return (int) Math.min(millis, Integer.MAX_VALUE);
  }

  private void scheduleResync(long now) {
    resyncAt = now + jitter.lengthen(settings.resync()).toNanos();
  }

  /** Whether there was something to tell. */
  private boolean publish(Inventory inventory, Instant eventAt) {
    if (inventory.equals(published)) {
      return false;
    }
    Instant readAt = clock.instant();
    if (published != null) {
      InventoryDiff.between(published, inventory)
          .forEach(change ->
              LOG.atInfo()
                  .addKeyValue("change", change)
                  .addKeyValue("eventAt", eventAt)
                  .addKeyValue("readAt", readAt)
                  .log("inventory changed"));
    }
    published = inventory;
    listener.changed(inventory, eventAt, readAt);
    return true;
  }
}
