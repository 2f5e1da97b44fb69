package io.rdmagid.deviceplugin.pace;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * Allows a burst, and after it one more each interval. Times are {@code System.nanoTime}. Not
 * thread-safe.
 */
public final class TokenBucket {
  private final long interval;

  /** How long before it is full the bucket still has a token. */
  private final long slack;

  private boolean used;

  /** When it will be full, if no more is taken; meaningless before the first was. */
  private long fullAt;

  /**
   * A full bucket.
   *
   * @param burst how many may be taken at once, at least 1
   * @param interval in which one more comes
   */
  public TokenBucket(int burst, Duration interval) {
    this.interval = interval.toNanos();
    this.slack = (burst - 1) * this.interval;
  }

  /** When the next may be taken; empty if now. */
  public OptionalLong dueAt(long now) {
    long due = fullAt - slack;
    return used && due - now > 0 ? OptionalLong.of(due) : OptionalLong.empty();
  }

  /** Takes one; whoever takes it before {@link #dueAt} says so has the next wait the longer. */
  public void take(long now) {
    fullAt = (isFull(now) ? now : fullAt) + interval;
    used = true;
  }

  /** Whether it is as if nothing had ever been taken. */
  public boolean isFull(long now) {
    return !used || fullAt - now <= 0;
  }
}
