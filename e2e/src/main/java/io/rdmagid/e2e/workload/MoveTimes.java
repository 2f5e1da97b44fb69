package io.rdmagid.e2e.workload;

import io.rdmagid.e2e.testbed.Kubectl;
import io.rdmagid.e2e.testbed.Poll;
import io.rdmagid.e2e.testbed.TestbedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;

/**
 * How long a change of a pod's GID takes to where people and programs see it. All places are
 * watched while it comes: a look afterwards would take longer than the change. The command's way to
 * the node and, for the file, a tenth of a second between two looks are part of the times.
 */
public final class MoveTimes implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Kubectl kubectl;
  private final String pod;
  private final List<Place> places = new ArrayList<>();

  /** A place, and what is seen there when the change has arrived. */
  private record Place(String name, KubectlWatch watch, Pattern changed) {}

  private MoveTimes(Kubectl kubectl, String pod) {
    this.kubectl = kubectl;
    this.pod = pod;
  }

  /** Of a pod of the default namespace; watches until it is closed. */
  public static MoveTimes of(Kubectl kubectl, String pod) {
    return new MoveTimes(kubectl, pod);
  }

  /**
   * Watches the file {@code env} of a pool.
   *
   * @param changed a shell's test of {@code $file}, false until the change has arrived
   */
  public MoveTimes file(String pool, String changed) {
    String script =
        "file=/run/rdmagid/%s/env; echo watching; until %s; do sleep 0.1; done; echo changed"
            .formatted(pool, changed);
    return watch("file in the pod", "changed", "exec", pod, "--", "sh", "-c", script);
  }

  /**
   * Watches the rows of ports.
   *
   * @param changed the start of the right one, a regular expression
   */
  public MoveTimes table(String changed) {
    return watch("table (rdmagid)", changed, "get", "rdmagids", "--watch");
  }

  /**
   * Watches the pod's row.
   *
   * @param changed the rest of the right one, a regular expression
   */
  public MoveTimes record(String changed) {
    return watch(
        "record (rdmagidassignment)", pod + changed, "get", "rdmagidassignments", "--watch");
  }

  /**
   * Watches the operator's copy on the pod.
   *
   * @param changed a part of it, a regular expression
   */
  public MoveTimes annotation(String changed) {
    return watch(
        "annotation of the pod",
        changed,
        "get",
        "pod",
        pod,
        "--watch",
        "-o",
        "jsonpath={.metadata.annotations.rdmagid\\.io/assignment}{\"\\n\"}");
  }

  /**
   * Watches the operator's Events of the pod.
   *
   * @param changed a part of the right one, a regular expression
   */
  public MoveTimes event(String changed) {
    return watch(
        "Event on the pod", changed, "get", "events", "--watch", "--field-selector", eventsOf(pod));
  }

  /** A field selector of the operator's Events of a pod. */
  public static String eventsOf(String pod) {
    return "involvedObject.name=" + pod + ",reportingComponent=rdmagid.io/operator";
  }

  private MoveTimes watch(String name, String changed, String... arguments) {
    places.add(new Place(name, KubectlWatch.quiet(kubectl, arguments), Pattern.compile(changed)));
    return this;
  }

  /** Returns when all places are watched: what is changed then is seen everywhere. */
  public MoveTimes begun() {
    try {
      for (Place place : places) {
        await("to watch the " + place.name(), () -> place.watch().count() > 0);
      }
      return this;
    } catch (TestbedException e) {
      close();
      throw e;
    }
  }

  /**
   * Waits until the change has arrived everywhere, and prints when it did.
   *
   * @param startNanos when it was made, by {@link System#nanoTime}
   */
  public void print(long startNanos) {
    for (Place place : places) {
      await(
          "the " + place.name(),
          () -> place.watch().firstSince(startNanos, place.changed().asPredicate()).isPresent());
      long nanos =
          place.watch().firstSince(startNanos, place.changed().asPredicate()).orElseThrow()
              - startNanos;
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
