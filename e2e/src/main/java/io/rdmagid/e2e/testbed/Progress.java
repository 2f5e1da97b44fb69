package io.rdmagid.e2e.testbed;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One step of the work as lines on standard output: what, how long so far, how long it usually
 * takes.
 */
public final class Progress implements AutoCloseable {
  private static final long TICK_SECONDS = 15;

  private final String what;
  private final Duration usual;
  private final long begin = System.nanoTime();
  private final CountDownLatch closed = new CountDownLatch(1);

  private Progress(String what, Duration usual) {
    this.what = what;
    this.usual = usual;
  }

  public static void step(String what, Duration usual, Runnable work) {
    try (Progress _ = start(what, usual)) {
      work.run();
    }
  }

  /** Prints until it is closed. */
  static Progress start(String what, Duration usual) {
    Progress progress = new Progress(what, usual);
    progress.print();
    Thread.ofVirtual().start(progress::tick);
    return progress;
  }

  private void tick() {
    try {
      while (!closed.await(TICK_SECONDS, TimeUnit.SECONDS)) {
        print();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void print() {
    System.out.printf("%s … %d s (usually %d s)%n", what, seconds(), usual.toSeconds());
  }

  private long seconds() {
    return Duration.ofNanos(System.nanoTime() - begin).toSeconds();
  }

  @Override
  public void close() {
    closed.countDown();
    System.out.printf("%s: %d s%n", what, seconds());
  }
}
