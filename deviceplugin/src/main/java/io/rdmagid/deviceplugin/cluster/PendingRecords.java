package io.rdmagid.deviceplugin.cluster;

import io.rdmagid.assignment.Assignment;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * What is to be written of pods: the newest of each, in the order in which the pods came, those
 * that were put off when their time has come. Safe for use by any thread.
 */
final class PendingRecords {
  private final LongSupplier ticker;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** By the uids of pods. */
  private final LinkedHashMap<String, Pending> pods = new LinkedHashMap<>();

  /**
   * A record to write.
   *
   * @param refusals how often it was put off, or what was said of the pod before it
   * @param due not before then, in nanoseconds, as {@link System#nanoTime} has them
   */
  record Pending(Assignment assignment, int refusals, long due) {}

  /**
   * Nothing is to be written.
   *
   * @param ticker nanoseconds, as {@link System#nanoTime} has them
   */
  PendingRecords(LongSupplier ticker) {
    this.ticker = ticker;
  }

  /** This is new of its pod, and is to be written now. */
  void put(Assignment assignment) {
    lock.lock();
    try {
      long now = ticker.getAsLong();
      pods.compute(
          assignment.podUid(),
          (_, former) -> new Pending(assignment, former == null ? 0 : former.refusals(), now));
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** It could not be written, which is not its own fault. */
  void giveBack(Pending pending) {
    putBack(new Pending(pending.assignment(), pending.refusals(), ticker.getAsLong()));
  }

  /** It was refused, and is to be tried again after a time. */
  void putOff(Pending pending, Duration time) {
    putBack(
        new Pending(
            pending.assignment(), pending.refusals() + 1, ticker.getAsLong() + time.toNanos()));
  }

  /** Unless something newer was said of the pod since. */
  private void putBack(Pending next) {
    lock.lock();
    try {
      pods.merge(
          next.assignment().podUid(),
          next,
          (newer, _) -> new Pending(newer.assignment(), next.refusals(), newer.due()));
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Takes the next one that is due; waits for it. */
  Pending take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (true) {
        long now = ticker.getAsLong();
        Optional<Pending> due =
            pods.values().stream().filter(pending -> pending.due() - now <= 0).findFirst();
        if (due.isPresent()) {
          pods.remove(due.get().assignment().podUid());
          return due.get();
        }
        if (pods.isEmpty()) {
          changed.await();
        } else {
          long pause = pods.values().stream().mapToLong(next -> next.due() - now).min().orElse(0);
          long _ = changed.awaitNanos(pause);
        }
      }
    } finally {
      lock.unlock();
    }
  }
}
