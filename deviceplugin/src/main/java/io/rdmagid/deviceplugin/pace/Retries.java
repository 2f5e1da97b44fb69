package io.rdmagid.deviceplugin.pace;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

/**
 * Has a step done again for as long as it is refused, after pauses that double. There is one that
 * waits at most, however often the step is refused meanwhile, and none once it was done. Safe for
 * use by any thread.
 */
public final class Retries {
  private final Doubling pauses;
  private final Later later;
  private final Runnable step;
  private int failures;
  private boolean waits;
  private long tries;
  private Future<?> next = CompletableFuture.completedFuture(null);

  /**
   * Does nothing yet.
   *
   * @param step says by {@link #refused} or {@link #done} how it went
   */
  public Retries(Doubling pauses, Later later, Runnable step) {
    this.pauses = pauses;
    this.later = later;
    this.step = step;
  }

  /** It was refused: it is done again after a pause. */
  public synchronized void refused() {
    if (!waits) {
      waits = true;
      tries++;
      long number = tries;
      next = later.in(pauses.after(failures), () -> again(number));
      failures++;
    }
  }

  /** It was done, by whomever: what waits is not done again, and the next pause is the first. */
  public synchronized void done() {
    failures = 0;
    if (waits) {
      waits = false;
      boolean _ = next.cancel(false);
    }
  }

  private void again(long number) {
    synchronized (this) {
      if (!waits || number != tries) {
        return; // done while it began, and no longer to be cancelled
      }
      waits = false;
    }
    step.run();
  }
}
