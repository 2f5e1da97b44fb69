package io.rdmagid.deviceplugin.pace;

import java.time.Duration;

/**
 * Pauses between tries that fail, each twice as long as the one before.
 *
 * @param first after the first failure
 * @param longest which none exceeds
 */
public record Doubling(Duration first, Duration longest) {
  /** Of a small file of the node that another program reads, where the system refuses it. */
  public static final Doubling OF_FILES =
      new Doubling(Duration.ofSeconds(1), Duration.ofMinutes(1));

  /** More would overflow; a thousand times the first is more than any longest one. */
  private static final int MOST_DOUBLINGS = 10;

  /**
   * The pause after a failure.
   *
   * @param failures how many went before it without a success
   */
  public Duration after(int failures) {
    Duration doubled = first.multipliedBy(1L << Math.min(failures, MOST_DOUBLINGS));
    return doubled.compareTo(longest) < 0 ? doubled : longest;
  }
}
