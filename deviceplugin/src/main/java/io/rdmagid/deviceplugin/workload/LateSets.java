package io.rdmagid.deviceplugin.workload;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Containers that run without an address that is on its way: of the end of duplicate address
 * detection no table tells. Their namespaces are listened to for a while. It belongs to the
 * workload's thread.
 */
final class LateSets {
  /**
   * The kernel looks for a duplicate for about two seconds, more where it was told to ask more
   * often; and a socket is not to keep the namespace of a pod whose end nobody tells of.
   */
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final WorkloadThread thread;
  private final AllocationBook book;
  private final NamespaceChanges changes;
  private final Consumer<String> look;
  private final LongSupplier ticker;
  private final Map<String, Wait> waits = new HashMap<>();

  /** Those whose time is over, until they have had all once more. */
  private final Set<String> over = new HashSet<>();

  /** Until a time in nanoseconds, as {@link System#nanoTime} has them. */
  private record Wait(Listening listening, long end) {}

  /**
   * Nobody is waited for yet.
   *
   * @param look looks again at what the container of this id can have
   */
  LateSets(
      WorkloadThread thread,
      AllocationBook book,
      NamespaceChanges changes,
      Consumer<String> look,
      LongSupplier ticker) {
    this.thread = thread;
    this.book = book;
    this.changes = changes;
    this.look = look;
    this.ticker = ticker;
  }

  /** Begins with those that are late now, and ends with those that have all, or are gone. */
  void follow() {
    long now = ticker.getAsLong();
    over.removeIf(id -> !book.misses(id));
    Map.copyOf(waits)
        .forEach((id, wait) -> {
          boolean missing = book.misses(id);
          boolean due = wait.end() - now <= 0;
          if (missing && due) {
            over.add(id);
          }
          if (!missing || due) {
            waits.remove(id);
            wait.listening().end();
          }
        });
    book.late()
        .forEach((id, namespaces) -> {
          if (!over.contains(id) && !waits.containsKey(id)) {
            begin(id, namespaces, now + LIMIT.toNanos());
          }
        });
  }

  private void begin(String containerId, Set<Optional<Path>> namespaces, long end) {
    waits.put(
        containerId,
        new Wait(new Listening(thread, changes, namespaces, () -> look.accept(containerId)), end));
    Future<?> _ = thread.in(LIMIT, this::follow);
  }
}
