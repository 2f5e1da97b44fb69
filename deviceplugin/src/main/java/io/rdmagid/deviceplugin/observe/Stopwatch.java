package io.rdmagid.deviceplugin.observe;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Measures what something takes that is done again and again on the calling thread. */
public final class Stopwatch {
  /** Of each hundred, how many rounds are made and not counted, so that their code is compiled. */
  private static final int WARM_UP = 25;

  private final LongSupplier nanoTime;
  private final LongSupplier allocatedBytes;

  /**
   * What a round takes.
   *
   * @param medianNanos half of the rounds took at most this
   * @param p99Nanos 99 of 100 took at most this
   * @param allocatedBytes on the Java heap, on average
   */
  public record Timing(int rounds, long medianNanos, long p99Nanos, long allocatedBytes) {}

  /** One that measures by the JVM's own clock and counters. */
  public static Stopwatch ofThisThread() {
    // HotSpot's bean has what the standard one lacks.
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    return new Stopwatch(System::nanoTime, threads::getCurrentThreadAllocatedBytes);
  }

  /** One with other sources. */
  Stopwatch(LongSupplier nanoTime, LongSupplier allocatedBytes) {
    this.nanoTime = nanoTime;
    this.allocatedBytes = allocatedBytes;
  }

  /**
   * Does something so often.
   *
   * @param rounds from 1
   * @param round gives a problem, which ends it; empty where it went well
   * @return the timing, or the first problem
   */
  <P> Outcome<P> measure(int rounds, Supplier<Optional<P>> round) {
    return measure(rounds, Optional::empty, round);
  }

  /**
   * The same with something that has to be done before each round and does not count.
   *
   * @param before gives a problem, which ends it, as a round does
   */
  <P> Outcome<P> measure(int rounds, Supplier<Optional<P>> before, Supplier<Optional<P>> round) {
    for (int i = 0; i < (rounds * (long) WARM_UP + 99) / 100; i++) {
      Optional<P> problem = before.get().or(round);
      if (problem.isPresent()) {
        return new Outcome.Failed<>(problem.get());
      }
    }
    long[] nanos = new long[rounds];
    long allocated = 0;
    for (int i = 0; i < rounds; i++) {
      Optional<P> obstacle = before.get();
      if (obstacle.isPresent()) {
        return new Outcome.Failed<>(obstacle.get());
      }
      long bytes = allocatedBytes.getAsLong();
      long start = nanoTime.getAsLong();
      Optional<P> problem = round.get();
      nanos[i] = nanoTime.getAsLong() - start;
      allocated += allocatedBytes.getAsLong() - bytes;
      if (problem.isPresent()) {
        return new Outcome.Failed<>(problem.get());
      }
    }
    Arrays.sort(nanos);
    return new Outcome.Measured<>(
        new Timing(rounds, nearest(nanos, 50), nearest(nanos, 99), allocated / rounds));
  }

  /** The nearest rank: the smallest value that so many of a hundred do not exceed. */
  private static long nearest(long[] sorted, int percent) {
    return sorted[(int) ((sorted.length * (long) percent + 99) / 100) - 1];
  }

  /** What became of it. */
  sealed interface Outcome<P> {
    /** All rounds went well. */
    record Measured<P>(Timing timing) implements Outcome<P> {}

    /** One did not. */
    record Failed<P>(P problem) implements Outcome<P> {}
  }
}
