package io.rdmagid.e2e.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class BudgetReportTest {
  @Test
  void marksWhatExceedsItsBudget() {
    Properties budgets = new Properties();
    budgets.setProperty("Slow", "10");
    budgets.setProperty("Quick", "10");
    Map<String, Duration> took =
        Map.of("Slow", Duration.ofSeconds(11), "Quick", Duration.ofSeconds(10));

    assertThat(BudgetReport.table(took, budgets).lines())
        .anyMatch(line -> line.startsWith("Slow ") && line.endsWith("EXCEEDED"))
        .anyMatch(line -> line.startsWith("Quick ") && !line.endsWith("EXCEEDED"));
  }
}
