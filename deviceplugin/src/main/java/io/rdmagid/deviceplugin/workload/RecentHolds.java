package io.rdmagid.deviceplugin.workload;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Allocations that no sandbox has and that a pod holds all the same: one that the kubelet made and
 * whose container is still to come, or one whose sandbox ended and may be made again. Each for a
 * while only, since nobody tells of a pod that never starts. Not thread-safe.
 */
final class RecentHolds {
  /** How long the folder of a sandbox that ended stays: the same pod may get another sandbox. */
  private static final Duration RETIREMENT = Duration.ofMinutes(1);

  /**
   * How long the container of an allocation may take to come: its image may have to be pulled, and
   * those with CUDA are large. Nobody tells of a pod that is deleted before; meanwhile its port is
   * its pool's, as it would be anyway but for another spec.
   */
  private static final Duration START = Duration.ofMinutes(30);

  private final LongSupplier ticker;

  /** Of each, by its folder's name. */
  private final Map<String, Hold> holds = new HashMap<>();

  /** The folder goes of one that retires; a container that is still to come has its own. */
  private record Hold(long end, boolean retires) {
    boolean over(long now) {
      return end - now <= 0;
    }
  }

  /**
   * Holds nothing.
   *
   * @param ticker in nanoseconds, as {@link System#nanoTime} has them
   */
  RecentHolds(LongSupplier ticker) {
    this.ticker = ticker;
  }

  /** The kubelet made it for a container that is to come. Whoever had it before has it no more. */
  void allocated(String hash) {
    holds.put(hash, new Hold(in(START), false));
  }

  /** Its sandbox ended; when this ends, too, nobody has its folder. */
  void ended(String hash) {
    holds.put(hash, new Hold(in(RETIREMENT), true));
  }

  /**
   * The kubelet gave some of its ids again, to a container of the same pod or of another: if its
   * own container has not come when this ends, and the time for that is over, nobody has its
   * folder.
   */
  void overlapped(String hash) {
    holds.merge(
        hash,
        new Hold(in(RETIREMENT), true),
        (former, next) -> new Hold(next.end() + Math.max(0, former.end() - next.end()), true));
  }

  /** A sandbox has it. Returns whether it was held. */
  boolean remove(String hash) {
    return holds.remove(hash) != null;
  }

  /** Forgets what is over, and returns those of it whose folders nobody has. */
  List<String> takeRetired() {
    long now = ticker.getAsLong();
    List<String> retired =
        holds.entrySet().stream()
            .filter(hold -> hold.getValue().retires() && hold.getValue().over(now))
            .map(Map.Entry::getKey)
            .toList();
    holds.values().removeIf(hold -> hold.over(now));
    return retired;
  }

  /** Those that are held. */
  Set<String> all() {
    return Set.copyOf(holds.keySet());
  }

  /** The nanoseconds until the next one ends. */
  OptionalLong pause() {
    long now = ticker.getAsLong();
    return holds.values().stream().mapToLong(hold -> Math.max(1, hold.end() - now)).min();
  }

  private long in(Duration time) {
    return ticker.getAsLong() + time.toNanos();
  }
}
