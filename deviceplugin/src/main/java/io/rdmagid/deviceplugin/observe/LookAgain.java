package io.rdmagid.deviceplugin.observe;

import java.time.Duration;

/**
 * When to look for devices without an event. The device node is the first to come and the first to
 * go: udev may still give the device another name, sysfs still list it, and nothing tells when one
 * that refused can be opened. So a look that found something new, or followed on a device that had
 * to be let go, is followed by others, after 100 ms and then twice that each time, up to a minute,
 * and then for as long as a device cannot be read, or nothing tells of new ones. Times are {@code
 * System.nanoTime}.
 */
final class LookAgain {
  static final Duration FIRST = Duration.ofMillis(100);
  static final Duration LONGEST = Duration.ofMinutes(1);

  private long pause = FIRST.toNanos();
  private long dueAt;
  private boolean planned;

  /** Notes a look, and whether it has to be followed by others soon. */
  void looked(boolean changed, long now) {
    pause = changed ? FIRST.toNanos() : Math.min(2 * pause, LONGEST.toNanos());
    dueAt = now + pause;
    planned = pause < LONGEST.toNanos();
  }

  /** Asks for a look, for something that is there and cannot be read, or that nobody tells of. */
  void inAMinute(long now) {
    if (!planned) {
      dueAt = now + LONGEST.toNanos();
      planned = true;
    }
  }

  boolean due(long now) {
    return planned && now - dueAt >= 0;
  }

  /** How long until the next look, but at most {@code otherwise}. */
  long within(long otherwise, long now) {
    return planned ? Math.min(otherwise, dueAt - now) : otherwise;
  }
}
