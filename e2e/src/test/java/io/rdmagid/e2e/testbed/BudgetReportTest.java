package io.rdmagid.e2e.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestTemplate;
import org.junit.platform.commons.support.AnnotationSupport;

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

  /** A class of tests that is lost fails nothing else. */
  @Test
  void eachClassOfTheBudgetsIsThereAndHasTests() throws IOException {
    Properties budgets = new Properties();
    try (Reader file = Files.newBufferedReader(Checkout.root().resolve("e2e/budgets.properties"))) {
      budgets.load(file);
    }
    assertThat(budgets.stringPropertyNames())
        .isNotEmpty()
        .allSatisfy(name ->
            assertThat(Class.forName(name, false, getClass().getClassLoader()).getDeclaredMethods())
                .anyMatch(method ->
                    AnnotationSupport.isAnnotated(method, Test.class)
                        || AnnotationSupport.isAnnotated(method, TestTemplate.class)));
  }
}
