package io.rdmagid.deviceplugin.bench;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.observe.InventoryListener;
import io.rdmagid.deviceplugin.observe.KernelObserver;
import io.rdmagid.deviceplugin.observe.ObserveMetrics;
import io.rdmagid.gid.Gid;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * Observes as the agent does, and says how long each change took from the event that woke the
 * observing thread to the inventory with what differs: {@code bench ready}, then {@code bench
 * change=NANOS} a change. It ends when the given GID is there. What is logged for a change is part
 * of its time, as in the agent.
 */
public final class EventBench implements InventoryListener {
  private final Clock clock = Clock.systemUTC();
  private final KernelObserver observer;
  private final Gid last;
  private boolean ready;

  private EventBench(Path sysfs, Path deviceNodes, Gid last) {
    this.last = last;
    observer =
        new KernelObserver(
            new KernelObserver.Settings(sysfs, deviceNodes, Duration.ofMinutes(5)),
            this,
            new ObserveMetrics(new SimpleMeterRegistry()),
            clock);
  }

  /** Arguments: SYSFS DEVICE_NODES GID. */
  public static void main(String[] arguments) {
    new EventBench(Path.of(arguments[0]), Path.of(arguments[1]), Gid.parse(arguments[2]))
        .observer.run();
  }

  @Override
  public void changed(Inventory inventory, Instant eventAt, Instant readAt) {
    Instant now = clock.instant();
    if (!ready) {
      ready = true;
      System.out.println("bench ready");
      return;
    }
    System.out.println("bench change=" + Duration.between(eventAt, now).toNanos());
    if (holds(inventory, last)) {
      observer.stop();
    }
  }

  private static boolean holds(Inventory inventory, Gid gid) {
    return inventory.devices().stream()
        .flatMap(device -> device.ports().stream())
        .flatMap(port -> port.gids().stream())
        .anyMatch(entry -> entry.gid().equals(gid));
  }
}
