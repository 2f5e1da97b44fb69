package io.rdmagid.deviceplugin.observe;

import java.time.Duration;

/**
 * When a device may be read again: at once after a quiet time, then after a window that doubles
 * from 50 ms to 1 s for as long as changes keep coming, so that a storm of events costs one reading
 * a window. It begins with the end of the reading before: one that takes long leaves as much rest
 * as any. Times are {@code System.nanoTime}.
 */
final class ReadWindow {
  static final Duration FIRST = Duration.ofMillis(50);
  static final Duration LONGEST = Duration.ofSeconds(1);

  private long window;
  private long readAt;
  private boolean everRead;

  /** The earliest time at which a change that came at {@code now} may be read. */
  long earliest(long now) {
    if (!everRead || now - readAt >= window) {
      return now;
    }
    return readAt + window;
  }

  /**
   * When a change that something other than the device told of may be read. The device's own event,
   * which comes when the table has changed, is mostly next; a reading before it would find the old
   * table, and the event would have to wait for the end of the window.
   */
  long afterHint(long now) {
    return now + LONGEST.toNanos();
  }

  /** Notes a reading, and with it how long the next has to wait. */
  void read(long start, long end) {
    boolean quiet = !everRead || start - readAt >= 2 * Math.max(window, FIRST.toNanos());
    window = quiet ? FIRST.toNanos() : Math.min(2 * window, LONGEST.toNanos());
    readAt = end;
    everRead = true;
  }
}
