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
  private final Map<String, Listening> listening = new HashMap<>();

  /** Those whose time is over, until they have had all once more. */
  private final Set<String> over = new HashSet<>();

  /**
   * Nobody is waited for yet.
   *
   * @param look looks again at what the container of this id can have
   */
  LateSets(
      WorkloadThread thread, AllocationBook book, NamespaceChanges changes, Consumer<String> look) {
    this.thread = thread;
    this.book = book;
    this.changes = changes;
    this.look = look;
  }

  /** Begins with those that are late now, and ends with those that have all, or are gone. */
  void follow() {
    Set<String> ended = new HashSet<>(listening.keySet());
    ended.removeIf(book::misses);
    ended.forEach(this::end);
    over.removeIf(id -> !book.misses(id));
    book.late()
        .forEach((id, namespaces) -> {
          if (!over.contains(id) && !listening.containsKey(id)) {
            begin(id, namespaces);
          }
        });
  }

  private void begin(String containerId, Set<Optional<Path>> namespaces) {
    Listening begun = new Listening(thread, changes, namespaces, () -> look.accept(containerId));
    listening.put(containerId, begun);
    Future<?> _ =
        thread.runIn(
            LIMIT.toNanos(),
            () -> {
              if (listening.get(containerId) == begun) {
                end(containerId);
                over.add(containerId);
              }
            });
  }

  private void end(String containerId) {
    Listening ended = listening.remove(containerId);
    if (ended != null) {
      ended.end();
    }
  }
}
