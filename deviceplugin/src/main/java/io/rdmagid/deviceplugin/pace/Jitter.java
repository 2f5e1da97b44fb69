package io.rdmagid.deviceplugin.pace;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongUnaryOperator;

/**
 * Lengthens pauses by chance, so that the agents of a cluster do not come back together. Safe for
 * use by any thread if its source is.
 */
public final class Jitter {
  /** What is added at most: the pause divided by this. */
  private static final int PART = 5;

  private final LongUnaryOperator below;

  /**
   * Takes chance from elsewhere.
   *
   * @param below gives a number from 0 up to, but not including, its argument
   */
  public Jitter(LongUnaryOperator below) {
    this.below = below;
  }

  /** By the JDK's random numbers. */
  public static Jitter random() {
    return new Jitter(bound -> ThreadLocalRandom.current().nextLong(bound));
  }

  /** The pause with up to a fifth on top. */
  public Duration lengthen(Duration pause) {
    return pause.plusNanos(below.applyAsLong(pause.toNanos() / PART + 1));
  }
}
