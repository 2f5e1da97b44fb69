package io.rdmagid.deviceplugin.workload;

import io.rdmagid.deviceplugin.pace.BusyTime;
import io.rdmagid.deviceplugin.pace.Later;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The platform thread "workload", on which steps run one after another in the order in which they
 * came. After an {@link Error} nobody knows what a step has left half done: the thread ends, and is
 * not alive. So it does where the first step fails, on which all others rest. Its methods may be
 * called by any thread.
 */
final class WorkloadThread implements Later, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WorkloadThread.class);

  private volatile boolean failed;
  private final BusyTime busy;
  private final ScheduledThreadPoolExecutor thread =
      new ScheduledThreadPoolExecutor(
          1, task -> Thread.ofPlatform().name("workload").unstarted(task));

  /**
   * Without a step.
   *
   * @param ticker the time, as {@link System#nanoTime} has it; may be called by any thread
   */
  WorkloadThread(LongSupplier ticker) {
    busy = new BusyTime(ticker);
    thread.setRemoveOnCancelPolicy(true);
  }

  /** The first step, without which no other means anything: whatever it throws ends the thread. */
  void begin(Runnable step) {
    run(() -> {
      try {
        step.run();
      } catch (RuntimeException e) {
        fail(e);
      }
    });
  }

  /** A step to run, unless the thread ends before; whatever it throws is logged. */
  void run(Runnable step) {
    Future<?> _ = in(Duration.ZERO, step);
  }

  @Override
  public Future<?> in(Duration pause, Runnable step) {
    try {
      return thread.schedule(logging(step), pause.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.completedFuture(null); // the thread ends
    }
  }

  /**
   * The answer to a question.
   *
   * @throws InterruptedException if the caller is interrupted while it waits
   * @throws IllegalStateException if the question itself failed, or the thread has ended
   */
  <T> T ask(Callable<T> question) throws InterruptedException {
    try {
      return thread.submit(guarded(question)).get();
    } catch (RejectedExecutionException | CancellationException e) {
      throw new IllegalStateException("the workload has ended", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("the workload failed", e.getCause());
    }
  }

  /** Whether no step has ended it. */
  boolean isAlive() {
    return !failed;
  }

  /**
   * For how long the thread has been at one step, or since the step went on last; zero at rest. Any
   * thread.
   */
  Duration busy() {
    return busy.soFar();
  }

  /** The step that runs goes on: it is at the next of the parts that it consists of. */
  void goesOn() {
    busy.begin();
  }

  @Override
  public void close() {
    // Whoever waits for an answer gets none.
    for (Runnable left : thread.shutdownNow()) {
      if (left instanceof Future<?> future) {
        future.cancel(false);
      }
    }
  }

  private Runnable logging(Runnable step) {
    return () -> {
      busy.begin();
      try {
        step.run();
      } catch (RuntimeException e) {
        LOG.atError().setCause(e).log("workload step failed");
      } catch (Error e) {
        fail(e);
        throw e;
      } finally {
        busy.end();
      }
    };
  }

  private <T> Callable<T> guarded(Callable<T> question) {
    return () -> {
      busy.begin();
      try {
        return question.call();
      } catch (Error e) {
        fail(e);
        throw e;
      } finally {
        busy.end();
      }
    };
  }

  private void fail(Throwable why) {
    failed = true;
    LOG.atError().setCause(why).log("workload thread ends");
    close();
  }
}
