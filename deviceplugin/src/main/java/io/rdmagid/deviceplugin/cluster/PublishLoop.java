package io.rdmagid.deviceplugin.cluster;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.pace.Jitter;
import io.rdmagid.deviceplugin.workload.HeldPort;
import io.rdmagid.deviceplugin.workload.PortOffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
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

  /** While the API server is away. */
  private static final Duration LONGEST_RETRY = Duration.ofSeconds(30);

  /** While it refuses something; what is new is published in between. */
  private static final Duration LONGEST_REFUSED_RETRY = Duration.ofMinutes(5);

  /**
   * After how many resyncs objects are looked for, too, of which the agent does not know: a list,
   * for which the server looks at those of the whole cluster. With the default a list each 4 to 5
   * hours, of 5,000 agents one each 3 s.
   */
  static final int RESYNCS_UNTIL_LIST = 24;

  private final ClusterPublisher publisher;
  private final PublishMetrics metrics;
  private final Duration resync;
  private final Clock clock;
  private final LongSupplier nanoTime;
  private final Jitter jitter;
  private final Pauses pauses;
  private final Standstill standstill;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition woken = lock.newCondition();
  private @Nullable Inventory inventory;
  private Optional<Map<HeldPort, PortOffer>> offers = Optional.empty();
  private @Nullable Instant changedAt;
  private boolean dirty;
  private boolean forget;
  private volatile boolean published;

  /**
   * Publishes nothing before {@link #run}.
   *
   * @param clock for what is written
   * @param nanoTime for what has to wait, that of the publisher
   * @param jitter of the pauses
   */
  PublishLoop(
      ClusterPublisher publisher,
      PublishMetrics metrics,
      Duration resync,
      Clock clock,
      LongSupplier nanoTime,
      Jitter jitter) {
    this.publisher = publisher;
    this.metrics = metrics;
    this.resync = resync;
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.jitter = jitter;
    this.pauses = new Pauses(jitter);
    this.standstill = new Standstill(nanoTime);
  }

  /** The inventory is now this. */
  void changed(Inventory newest, Instant eventAt) {
    wake(() -> {
      inventory = newest;
      changedAt = changedAt == null ? eventAt : changedAt;
    });
  }

  /** The pools make this of the ports now. */
  void offered(Map<HeldPort, PortOffer> newest) {
    lock.lock();
    try {
      if (offers.isEmpty() || !offers.get().equals(newest)) {
        wake(() -> offers = Optional.of(newest));
      }
    } finally {
      lock.unlock();
    }
  }

  /** The Node was registered, made again or deleted: what the server has must be read afresh. */
  void nodeChanged() {
    wake(() -> forget = true);
  }

  /** Whether the server has had everything at least once. */
  boolean hasPublished() {
    return published;
  }

  /** Whether there is something to publish that has not reached the server for long. */
  boolean isCutOff() {
    return standstill.isLong();
  }

  @Override
  public void run() {
    int failures = 0;
    int resyncs = 0;
    long resyncAt = after(jitter.lengthen(resync));
    long next = resyncAt;
    try {
      while (true) {
        Work work = await(next);
        if (nanoTime.getAsLong() - resyncAt >= 0) {
          resync(++resyncs);
          resyncAt = after(jitter.lengthen(resync));
        }
        next = resyncAt;
        standstill.asks();
        try {
          ClusterPublisher.Outcome outcome =
              publisher.publish(work.inventory, work.offers, work.changedAt);
          standstill.answered();
          switch (outcome) {
            case ClusterPublisher.Outcome.Published(int refused, OptionalLong dueAt) -> {
              next = earlier(next, dueAt.orElse(next));
              if (refused > 0) {
                next = earlier(next, after(pauses.afterFailure(failures, LONGEST_REFUSED_RETRY)));
                failures++;
              } else {
                published = true;
                failures = 0;
              }
            }
            case ClusterPublisher.Outcome.NodeMissing _ -> {
              LOG.atWarn().log("Node not registered, nothing published: is --node-name right?");
              failures = 0;
            }
          }
        } catch (KubernetesClientException e) {
          retry(work, e, pauses.afterFailure(failures++, LONGEST_RETRY));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What the server has is read again. */
  private void resync(int count) {
    if (count % RESYNCS_UNTIL_LIST == 0) {
      publisher.forgetNames();
    } else {
      publisher.forget();
    }
  }

  private void retry(Work work, KubernetesClientException failure, Duration pause)
      throws InterruptedException {
    metrics.failed();
    giveBack(work);
    LOG.atWarn()
        .addKeyValue("reason", reason(failure))
        .addKeyValue("retryMillis", pause.toMillis())
        .log("API server refused or away");
    TimeUnit.NANOSECONDS.sleep(pause.toNanos());
  }

  private long after(Duration pause) {
    return nanoTime.getAsLong() + pause.toNanos();
  }

  private static long earlier(long one, long other) {
    return one - other <= 0 ? one : other;
  }

  private record Work(
      Inventory inventory, Optional<Map<HeldPort, PortOffer>> offers, Instant changedAt) {}

  /** Waits for a change or the time, and takes what there is to publish. */
  private Work await(long until) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (inventory == null || (!dirty && nanoTime.getAsLong() - until < 0)) {
        long nanos = inventory == null ? Long.MAX_VALUE : until - nanoTime.getAsLong();
        long _ = woken.awaitNanos(nanos);
      }
      if (forget) {
        publisher.forget();
      }
      Work work = new Work(inventory, offers, changedAt == null ? clock.instant() : changedAt);
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
}
