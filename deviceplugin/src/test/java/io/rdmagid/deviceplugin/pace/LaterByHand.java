package io.rdmagid.deviceplugin.pace;

import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

/** A time of the test's own, and what is to be done in it. For one thread. */
public final class LaterByHand implements Later {
  private record Step(long at, Runnable step, Future<?> wish) {}

  private final PriorityQueue<Step> waiting =
      new PriorityQueue<>(Comparator.comparingLong(Step::at));
  private long now = Long.MAX_VALUE - 5; // it overflows, as System.nanoTime may
  private long passed;

  @Override
  public Future<?> in(Duration pause, Runnable step) {
    CompletableFuture<?> wish = new CompletableFuture<>();
    waiting.add(new Step(passed + pause.toNanos(), step, wish));
    return wish;
  }

  /** As {@link System#nanoTime} has it. */
  public long nanoTime() {
    return now;
  }

  /** How many steps wait. */
  public int waiting() {
    return (int) waiting.stream().filter(step -> !step.wish().isCancelled()).count();
  }

  /** Lets time pass, and does what is due. */
  public void pass(Duration time) {
    passed += time.toNanos();
    now += time.toNanos();
    while (!waiting.isEmpty() && waiting.element().at() <= passed) {
      Step due = waiting.remove();
      if (!due.wish().isCancelled()) {
        due.step().run();
      }
    }
  }
}
