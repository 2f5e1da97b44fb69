package io.rdmagid.deviceplugin.pace;

/**
 * Has a step done again for as long as it is refused, after pauses that double. There is one that
 * waits at most, however often the step is refused meanwhile. Safe for use by any thread.
 */
public final class Retries {
  private final Doubling pauses;
  private final Later later;
  private final Runnable step;
  private int failures;
  private boolean waiting;

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
    if (!waiting) {
      waiting = true;
      later.in(pauses.after(failures), this::again);
      failures++;
    }
  }

  /** It was done: the next pause is the first again. */
  public synchronized void done() {
    failures = 0;
  }

  private void again() {
    synchronized (this) {
      waiting = false;
    }
    step.run();
  }
}
