package io.rdmagid.e2e.bench;

import io.rdmagid.e2e.testbed.TestbedException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** When things were first seen, by {@link System#nanoTime}. Safe for use by any thread. */
final class Moments {
  private final Map<String, CompletableFuture<Long>> seen = new ConcurrentHashMap<>();

  /** It was seen at that time; has no effect if it was seen before. */
  void seen(String what, long nanos) {
    boolean _ = at(what).complete(nanos);
  }

  /**
   * Waits until it was seen, and says when.
   *
   * @throws TestbedException with this text if that takes longer than the limit
   */
  long await(String what, Duration limit, String missing) {
    try {
      return at(what).get(limit.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TestbedException("interrupted", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new TestbedException(missing, e);
    }
  }

  private CompletableFuture<Long> at(String what) {
    return seen.computeIfAbsent(what, _ -> new CompletableFuture<>());
  }
}
