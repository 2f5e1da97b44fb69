package io.rdmagid.deviceplugin.workload;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Allocations that no sandbox has and that a pod holds all the same: one that the kubelet made and
 * whose container is still to come, or one whose sandbox ended and may be made again. Each for a
 * while only, since nobody tells of a pod that never starts. Not thread-safe.
 */
final class RecentHolds {
  /** When each ends, by its folder's name. */
  private final Map<String, Long> ends = new HashMap<>();

  /**
   * It is held.
   *
   * @param end in nanoseconds, as {@link System#nanoTime} has them
   */
  void add(String hash, long end) {
    ends.put(hash, end);
  }

  /** A sandbox has it. Returns whether it was held. */
  boolean remove(String hash) {
    return ends.remove(hash) != null;
  }

  /** Those that are held now. */
  Set<String> at(long now) {
    ends.values().removeIf(end -> end - now <= 0);
    return Set.copyOf(ends.keySet());
  }

  /** The nanoseconds until the next one ends. */
  OptionalLong pause(long now) {
    return ends.values().stream().mapToLong(end -> end - now).filter(left -> left > 0).min();
  }
}
