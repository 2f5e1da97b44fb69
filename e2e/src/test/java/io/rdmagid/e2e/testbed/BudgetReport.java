package io.rdmagid.e2e.testbed;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Prints at the end how long each test class took, beside what budgets.properties allows it. Fails
 * nothing.
 */
public final class BudgetReport implements TestExecutionListener {
  private final Map<String, Long> begun = new ConcurrentHashMap<>();
  private final Map<String, Duration> took = new ConcurrentSkipListMap<>();

  @Override
  public void executionStarted(TestIdentifier test) {
    if (isClass(test)) {
      begun.put(test.getUniqueId(), System.nanoTime());
    }
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    Long begin = begun.remove(test.getUniqueId());
    if (begin != null && test.getSource().orElseThrow() instanceof ClassSource source) {
      took.put(source.getClassName(), Duration.ofNanos(System.nanoTime() - begin));
    }
  }

  /** Top-level classes only: a nested one's time is part of its class's. */
  private static boolean isClass(TestIdentifier test) {
    return test.getSource().orElse(null) instanceof ClassSource source
        && !source.getClassName().contains("$");
  }

  @Override
  public void testPlanExecutionFinished(TestPlan plan) {
    // Unit tests have no budgets.
    took.keySet().removeIf(name -> name.startsWith("io.rdmagid.e2e.testbed."));
    if (!took.isEmpty()) {
      System.out.print(table(took, budgets(Artefacts.e2e().resolve("budgets.properties"))));
    }
  }

  static String table(Map<String, Duration> took, Properties budgets) {
    StringBuilder table = new StringBuilder("%-60s %8s %8s%n".formatted("class", "took", "budget"));
    took.forEach((name, time) -> {
      String budget = budgets.getProperty(name, "none");
      boolean over = !budget.equals("none") && time.toSeconds() > Long.parseLong(budget);
      table.append(
          "%-60s %6d s %8s%s%n"
              .formatted(name, time.toSeconds(), budget, over ? "  EXCEEDED" : ""));
    });
    return table.toString();
  }

  private static Properties budgets(Path file) {
    Properties budgets = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      budgets.load(reader);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return budgets;
  }
}
