package io.rdmagid.deviceplugin.cluster;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * The wall clock, and the time since the start, both moved by a test. Safe for use by any thread.
 */
final class MutableClock extends Clock {
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private long nanoTime = -Duration.ofSeconds(10).toNanos(); // any number will do

  /** Time passes. */
  synchronized void advance(Duration duration) {
    now = now.plus(duration);
    nanoTime += duration.toNanos();
  }

  /** Somebody sets the wall clock. */
  synchronized void step(Duration duration) {
    now = now.plus(duration);
  }

  /** As {@code System.nanoTime}. */
  synchronized long nanoTime() {
    return nanoTime;
  }

  @Override
  public synchronized Instant instant() {
    return now;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException();
  }
}
