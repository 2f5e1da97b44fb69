package io.rdmagid.deviceplugin.cluster;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.rdmagid.deviceplugin.inventory.Inventory;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes the newest inventory, and only that: while the API server is away changes pile up into
 * one. {@link #run} is the whole life of the publishing thread, which ends when it is interrupted;
 * the other methods may come from any thread and do not block.
 */
final class PublishLoop implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(PublishLoop.class);
  private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
  private static final Duration LONGEST_RETRY = Duration.ofSeconds(30);

  private final ClusterPublisher publisher;
  private final PublishMetrics metrics;
  private final Duration resync;
  private final Clock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition woken = lock.newCondition();
  private @Nullable Inventory inventory;
  private @Nullable Instant changedAt;
  private boolean dirty;
  private boolean forget;
  private volatile boolean published;

  PublishLoop(ClusterPublisher publisher, PublishMetrics metrics, Duration resync, Clock clock) {
    this.publisher = publisher;
    this.metrics = metrics;
    this.resync = resync;
    this.clock = clock;
  }

  /** The inventory is now this. */
  void changed(Inventory newest, Instant eventAt) {
    wake(() -> {
      inventory = newest;
      changedAt = changedAt == null ? eventAt : changedAt;
    });
  }

  /** The Node was registered, made again or deleted: what the server has must be read afresh. */
  void nodeChanged() {
    wake(() -> forget = true);
  }

  /** Whether the server has had everything at least once. */
  boolean hasPublished() {
    return published;
  }

  @Override
  public void run() {
    int failures = 0;
    Instant next = clock.instant().plus(jittered(resync));
    try {
      while (true) {
        Work work = await(next);
        try {
          next = clock.instant().plus(jittered(resync));
          switch (publisher.publish(work.inventory, work.changedAt)) {
            case ClusterPublisher.Outcome.Done _ -> published = true;
            case ClusterPublisher.Outcome.NodeDeferred(Instant until) -> {
              published = true;
              next = until;
            }
            case ClusterPublisher.Outcome.NodeMissing _ ->
                LOG.atWarn().log("Node not registered, nothing published: is --node-name right?");
          }
          failures = 0;
        } catch (KubernetesClientException e) {
          Duration pause = pause(failures++);
          metrics.failed();
          giveBack(work);
          LOG.atWarn()
              .addKeyValue("reason", reason(e))
              .addKeyValue("retryMillis", pause.toMillis())
              .log("API server refused or away");
          sleep(pause);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private record Work(Inventory inventory, Instant changedAt) {}

  /** Waits for a change or the time, and takes what there is to publish. */
  private Work await(Instant until) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (inventory == null || (!dirty && clock.instant().isBefore(until))) {
        long nanos =
            inventory == null ? Long.MAX_VALUE : Duration.between(clock.instant(), until).toNanos();
        long _ = woken.awaitNanos(nanos);
      }
      if (forget || !dirty) {
        publisher.forget();
      }
      Work work = new Work(inventory, changedAt == null ? clock.instant() : changedAt);
      dirty = false;
      forget = false;
      changedAt = null;
      return work;
    } finally {
      lock.unlock();
    }
  }

  /** After a failure: what was not published is still to do, and its change is as old as it was. */
  private void giveBack(Work work) {
    lock.lock();
    try {
      dirty = true;
      forget = true;
      changedAt = work.changedAt;
    } finally {
      lock.unlock();
    }
  }

  private void wake(Runnable change) {
    lock.lock();
    try {
      change.run();
      dirty = true;
      woken.signal();
    } finally {
      lock.unlock();
    }
  }

  /**
   * What failed, and the first cause: the client wraps a refused connection in two sentences that
   * do not say so.
   */
  private static String reason(KubernetesClientException failure) {
    Throwable first = failure;
    while (first.getCause() != null) {
      first = first.getCause();
    }
    return first.equals(failure)
        ? String.valueOf(failure.getMessage())
        : failure.getMessage() + " " + first;
  }

  private static void sleep(Duration pause) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(pause.toNanos());
  }

  /**
   * Doubling pauses, each with up to a fifth on top, so that the agents of a cluster do not come
   * back together.
   */
  private static Duration pause(int failures) {
    long doubled = FIRST_RETRY.toMillis() << Math.min(failures, 10);
    return jittered(Duration.ofMillis(Math.min(doubled, LONGEST_RETRY.toMillis())));
  }

  private static Duration jittered(Duration base) {
    return base.plusNanos(ThreadLocalRandom.current().nextLong(base.toNanos() / 5 + 1));
  }
}
