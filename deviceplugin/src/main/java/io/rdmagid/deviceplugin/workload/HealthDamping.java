package io.rdmagid.deviceplugin.workload;

import io.rdmagid.deviceplugin.workload.PoolOffer.OfferedDevice;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Lets a port that a pod holds be down for a while before the kubelet hears of it. A kubelet that
 * restarts admits its pods again, and fails those whose devices are Unhealthy: a link that flaps
 * meanwhile would end a job that lives through it. A port that nobody holds is Unhealthy at once,
 * every port is Healthy at once, and one that was told of stays so. Not thread-safe.
 */
final class HealthDamping {
  private static final long PATIENCE = Duration.ofSeconds(30).toNanos();

  /** When the ports that are held back were first seen down. */
  private final Map<HeldPort, Long> since = new HashMap<>();

  /** The ports that the kubelet was told of as down. */
  private Set<HeldPort> told = Set.of();

  /**
   * The offers as the kubelet is to see them.
   *
   * @param used the ports that pods hold
   * @param now in nanoseconds, as {@link System#nanoTime} has them
   */
  List<PoolOffer> damped(List<PoolOffer> offers, Collection<HeldPort> used, long now) {
    Set<HeldPort> down = new HashSet<>();
    for (PoolOffer offer : offers) {
      for (OfferedDevice device : offer.devices()) {
        HeldPort port = HeldPort.of(device);
        if (!device.healthy() && used.contains(port) && !told.contains(port)) {
          down.add(port);
          since.putIfAbsent(port, now);
        }
      }
    }
    since.keySet().retainAll(down);
    List<PoolOffer> shown =
        offers.stream()
            .map(offer ->
                new PoolOffer(
                    offer.pool(),
                    offer.resourceName(),
                    offer.devices().stream()
                        .map(device ->
                            isHeldBack(HeldPort.of(device), now) ? healthy(device) : device)
                        .toList()))
            .toList();
    told =
        shown.stream()
            .flatMap(offer -> offer.devices().stream())
            .filter(device -> !device.healthy())
            .map(HeldPort::of)
            .collect(Collectors.toSet());
    return shown;
  }

  /** The nanoseconds until a port that is held back is told of, if nothing happens. */
  OptionalLong pause(long now) {
    return since.values().stream()
        .mapToLong(start -> PATIENCE - (now - start))
        .filter(left -> left > 0)
        .min();
  }

  /** Whether the kubelet is not told yet, as of the last {@link #damped}, that a port is down. */
  boolean isHeldBack(HeldPort port, long now) {
    Long start = since.get(port);
    return start != null && now - start < PATIENCE;
  }

  private static OfferedDevice healthy(OfferedDevice device) {
    return new OfferedDevice(device.id(), device.device(), device.port(), true, device.numaNode());
  }
}
