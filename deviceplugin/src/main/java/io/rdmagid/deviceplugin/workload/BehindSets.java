package io.rdmagid.deviceplugin.workload;

import io.rdmagid.deviceplugin.pace.Doubling;
import io.rdmagid.deviceplugin.pace.Retries;
import java.time.Duration;

/**
 * Containers whose files are behind for a reason whose end nothing tells: a disk that takes
 * nothing, a system that refuses to look into a namespace. Tried again by time, until all are
 * there. It belongs to the workload's thread.
 */
final class BehindSets {
  /**
   * What is short for a moment (descriptors, the kernel's lock for links) is there soon; a disk
   * that stays full is not to be written to, nor the log, more often than that.
   */
  private static final Doubling PAUSES =
      new Doubling(Duration.ofMillis(250), Duration.ofSeconds(8));

  private final AllocationBook book;
  private final Runnable looked;
  private final Retries retries;

  /**
   * Nothing is behind yet.
   *
   * @param looked is done after each further try, and ends in {@link #follow}
   */
  BehindSets(WorkloadThread thread, AllocationBook book, Runnable looked) {
    this.book = book;
    this.looked = looked;
    this.retries = new Retries(PAUSES, thread, this::tryAgain);
  }

  /** Sees to a further try where one is needed. */
  void follow() {
    if (book.behind().isEmpty()) {
      retries.done();
    } else {
      retries.refused();
    }
  }

  private void tryAgain() {
    book.follow(book.behind());
    looked.run();
  }
}
