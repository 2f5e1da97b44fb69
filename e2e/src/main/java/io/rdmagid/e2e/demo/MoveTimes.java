package io.rdmagid.e2e.demo;

import io.rdmagid.e2e.testbed.Kubectl;
import io.rdmagid.e2e.testbed.Poll;
import io.rdmagid.e2e.testbed.TestbedException;
import io.rdmagid.e2e.workload.Rails;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * How long a moved index takes to where people and programs see it. All places are watched while it
 * moves: a look afterwards would take longer than the move. The command's way to the node and, for
 * the file, a tenth of a second between two looks are part of the times.
 */
final class MoveTimes implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final List<Place> places;

  /** A place, and what is seen there when the new index has arrived. */
  private record Place(String name, Watch watch, Predicate<String> moved) {
    static Place of(String name, Watch watch, String pattern) {
      return new Place(name, watch, Pattern.compile(pattern).asPredicate());
    }
  }

  private MoveTimes(List<Place> places) {
    this.places = places;
  }

  /**
   * Watches until {@link #print}; returns when all places are.
   *
   * @param pod holds rxe0 of node-a from {@link Rails#POOL}
   * @param index what it will be, and is not yet
   */
  static MoveTimes watch(Kubectl kubectl, String pod, int index) {
    String script =
        "echo watching; until grep -q _GID_INDEX=%d$ /run/rdmagid/%s/env; do sleep 0.1; done; echo moved"
            .formatted(index, Rails.POOL);
    MoveTimes times =
        new MoveTimes(
            List.of(
                Place.of(
                    "file in the pod",
                    Watch.quiet(kubectl, "exec", pod, "--", "sh", "-c", script),
                    "moved"),
                Place.of(
                    "table (rdmagid)",
                    Watch.quiet(kubectl, "get", "rdmagids", "--watch"),
                    "node-a +rxe0 +1 +rail0 +ACTIVE +RoCEv2 +%d +10\\.10\\.0\\.1 "
                        .formatted(index)),
                Place.of(
                    "record (rdmagidassignment)",
                    Watch.quiet(kubectl, "get", "rdmagidassignments", "--watch"),
                    pod + " +node-a +rxe0 +%d +current".formatted(index)),
                Place.of(
                    "Event on the pod",
                    Watch.quiet(
                        kubectl,
                        "get",
                        "events",
                        "--watch",
                        "--field-selector",
                        AllocationTour.eventsOf(pod)),
                    "(IndexMoved|Recovered).* index %d ".formatted(index))));
    try {
      for (Place place : times.places) {
        await("to watch the " + place.name(), () -> place.watch().count() > 0);
      }
      return times;
    } catch (TestbedException e) {
      times.close();
      throw e;
    }
  }

  /** Waits until the index has arrived everywhere, and prints when it did. */
  void print(long startNanos) {
    for (Place place : places) {
      await(
          "the " + place.name(),
          () -> place.watch().firstSince(startNanos, place.moved()).isPresent());
      long nanos = place.watch().firstSince(startNanos, place.moved()).orElseThrow() - startNanos;
      System.out.printf("  %6d ms  %s%n", TimeUnit.NANOSECONDS.toMillis(nanos), place.name());
    }
  }

  private static void await(String what, BooleanSupplier condition) {
    Poll.until(what, PATIENCE, condition, () -> "make testbed-shell NODE=node-a to look");
  }

  @Override
  public void close() {
    places.forEach(place -> place.watch().close());
  }
}
