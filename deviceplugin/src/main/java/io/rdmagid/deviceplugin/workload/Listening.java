package io.rdmagid.deviceplugin.workload;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Looks again, on the workload's thread, whenever one of some network namespaces changes. It
 * belongs to that thread.
 */
final class Listening {
  /** A pod can change its links without a pause: many changes are looked at once. */
  private static final Duration PAUSE = Duration.ofMillis(20);

  private final List<Runnable> ends = new ArrayList<>();
  private final AtomicBoolean told = new AtomicBoolean();
  private boolean ended;

  Listening(
      WorkloadThread thread,
      NamespaceChanges changes,
      Set<Optional<Path>> namespaces,
      Runnable look) {
    Runnable changed =
        () -> {
          if (told.compareAndSet(false, true)) {
            Future<?> _ =
                thread.in(
                    PAUSE,
                    () -> {
                      told.set(false);
                      if (!ended) {
                        look.run();
                      }
                    });
          }
        };
    namespaces.forEach(namespace -> ends.add(changes.listen(namespace, changed)));
  }

  /** The namespaces are let go, and nothing is looked at any more. */
  void end() {
    ended = true;
    ends.forEach(Runnable::run);
    ends.clear();
  }
}
