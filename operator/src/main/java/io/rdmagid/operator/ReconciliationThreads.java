package io.rdmagid.operator;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The threads of all controllers. Those whose objects are the records of pods have threads of their
 * own: when an operator starts there are tens of thousands, each with a request or more, and rules,
 * Reporting and failover are not to wait behind them. The SDK has one executor for all controllers;
 * whose a task is stands in its text only, which is of the whole object: of a record some kilobytes
 * are written out for each task. One that tells nothing known is no record's.
 */
final class ReconciliationThreads extends ThreadPoolExecutor {
  /** Between the name of the controller and the object in the text of a task. */
  private static final String OF = " -> ";

  private final Set<String> recordControllers;
  private final ExecutorService records;

  /**
   * No thread runs before there is something to do.
   *
   * @param recordControllers the names of those whose objects are records
   * @param most how many threads work on records, and how many on all else, at a time
   */
  ReconciliationThreads(Set<String> recordControllers, int most) {
    super(most, most, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
    this.recordControllers = Set.copyOf(recordControllers);
    this.records =
        Executors.newFixedThreadPool(most, Thread.ofPlatform().name("records-", 1).factory());
  }

  @Override
  public void execute(Runnable task) {
    if (isOfRecord(task)) {
      records.execute(task);
    } else {
      super.execute(task);
    }
  }

  private boolean isOfRecord(Runnable task) {
    String text = task.toString();
    int end = text.indexOf(OF);
    return end > 0 && recordControllers.contains(text.substring(0, end));
  }

  @Override
  public void shutdown() {
    records.shutdown();
    super.shutdown();
  }

  @Override
  public List<Runnable> shutdownNow() {
    return Stream.concat(records.shutdownNow().stream(), super.shutdownNow().stream()).toList();
  }

  @Override
  public boolean isTerminated() {
    return records.isTerminated() && super.isTerminated();
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    long end = System.nanoTime() + unit.toNanos(timeout);
    return super.awaitTermination(timeout, unit)
        && records.awaitTermination(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
  }
}
