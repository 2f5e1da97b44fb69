package io.rdmagid.deviceplugin.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rdmagid.deviceplugin.inventory.ReadBy;
import io.rdmagid.deviceplugin.observe.Stopwatch;
import io.rdmagid.deviceplugin.observe.TableBench.Result;
import io.rdmagid.terminal.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** Measurements as a table and as JSON. */
final class BenchResults {
  private static final double NANOS_A_MICROSECOND = 1_000;

  private static final String REMOVED = "the kernel removes the device";

  private BenchResults() {}

  /** A line each; below the table why a method could not be measured. */
  static List<String> lines(List<Result> results) {
    TextTable table =
        new TextTable(
            "DEVICE", "METHOD", "ENTRIES", "ROUNDS", "MEDIAN", "P99", "ALLOCATED", "RATIO");
    List<String> reasons = new ArrayList<>();
    for (Result result : results) {
      switch (result) {
        case Result.Measured measured -> {
          Stopwatch.Timing timing = measured.timing();
          OptionalDouble ratio = ratio(results, measured);
          table.add(
              measured.device(),
              measured.method().text(),
              Integer.toString(measured.entries()),
              Integer.toString(timing.rounds()),
              microseconds(timing.medianNanos()),
              microseconds(timing.p99Nanos()),
              timing.allocatedBytes() + " B",
              ratio.isEmpty() ? "" : String.format(Locale.ROOT, "%.1f", ratio.getAsDouble()));
        }
        case Result.Unavailable(String device, ReadBy method, String reason) -> {
          addUnmeasured(table, result);
          reasons.add(device + " by " + method.text() + ": not available: " + reason);
        }
        case Result.Removed(String device, ReadBy method) -> {
          addUnmeasured(table, result);
          reasons.add(device + " by " + method.text() + ": ended: " + REMOVED);
        }
      }
    }
    List<String> lines = new ArrayList<>(table.lines());
    lines.addAll(reasons);
    return lines;
  }

  private static void addUnmeasured(TextTable table, Result result) {
    table.add(result.device(), result.method().text(), "", "", "", "", "", "");
  }

  /** An object each. */
  static List<ObjectNode> json(List<Result> results) {
    List<ObjectNode> all = new ArrayList<>();
    for (Result result : results) {
      ObjectNode json =
          JsonNodeFactory.instance
              .objectNode()
              .put("device", result.device())
              .put("method", result.method().text());
      switch (result) {
        case Result.Measured measured -> {
          json.put("entries", measured.entries())
              .put("rounds", measured.timing().rounds())
              .put("medianNanos", measured.timing().medianNanos())
              .put("p99Nanos", measured.timing().p99Nanos())
              .put("allocatedBytes", measured.timing().allocatedBytes());
          ratio(results, measured).ifPresent(ratio -> json.put("ratio", ratio));
        }
        case Result.Unavailable unavailable -> json.put("unavailable", unavailable.reason());
        case Result.Removed _ -> json.put("unavailable", REMOVED);
      }
      all.add(json);
    }
    return all;
  }

  /**
   * How many times as long as by the one call, by the medians; empty where there is no such one.
   */
  private static OptionalDouble ratio(List<Result> results, Result.Measured of) {
    for (Result result : results) {
      if (result instanceof Result.Measured one
          && one.device().equals(of.device())
          && one.method() == ReadBy.IOCTL
          && one.timing().medianNanos() > 0) {
        return OptionalDouble.of((double) of.timing().medianNanos() / one.timing().medianNanos());
      }
    }
    return OptionalDouble.empty();
  }

  private static String microseconds(long nanos) {
    return String.format(Locale.ROOT, "%.1f us", nanos / NANOS_A_MICROSECOND);
  }
}
