package io.rdmagid.deviceplugin.cri;

import io.rdmagid.deviceplugin.workload.StartListener;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * The runtime's sandboxes, and the end of those that it no longer has: nobody tells of it. Safe for
 * use by any thread.
 */
final class RuntimeSandboxes {
  private final RuntimeCalls runtime;
  private final StartListener listener;
  private final LongSupplier ticker;
  private volatile long lookedAt;

  /**
   * Looks at nothing yet.
   *
   * @param ticker nanoseconds, as {@link System#nanoTime} has them
   */
  RuntimeSandboxes(RuntimeCalls runtime, StartListener listener, LongSupplier ticker) {
    this.runtime = runtime;
    this.listener = listener;
    this.ticker = ticker;
    this.lookedAt = ticker.getAsLong();
  }

  /**
   * The ids of those that are there.
   *
   * @throws CallFailedException if the runtime does not answer
   * @throws InterruptedException if the thread is interrupted while it waits
   */
  Set<String> ids() throws CallFailedException, InterruptedException {
    return runtime.readySandboxes().stream().map(ReadySandbox::id).collect(Collectors.toSet());
  }

  /** Tells that these are all, which is so while no container is being made. */
  void begin(Set<String> all) {
    lookedAt = ticker.getAsLong();
    listener.begin(all);
  }

  /**
   * Those that are there. Of those that had allocations before the list was made, and are not on
   * it, the end is told; one that has come since is not on it either.
   *
   * @throws CallFailedException if the runtime does not answer
   * @throws InterruptedException if the thread is interrupted while it waits
   */
  List<ReadySandbox> look() throws CallFailedException, InterruptedException {
    lookedAt = ticker.getAsLong();
    Set<String> ended = new HashSet<>(listener.holders());
    List<ReadySandbox> ready = runtime.readySandboxes();
    ready.forEach(sandbox -> ended.remove(sandbox.id()));
    ended.forEach(listener::sandboxStopped);
    return ready;
  }

  /** The nanoseconds since the last look. */
  long sinceLook() {
    return ticker.getAsLong() - lookedAt;
  }

  /**
   * Whether there are allocations whose sandboxes may end.
   *
   * @throws InterruptedException if the thread is interrupted while it waits
   */
  boolean concern() throws InterruptedException {
    return !listener.holders().isEmpty();
  }
}
