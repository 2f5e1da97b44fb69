package io.rdmagid.operator.eviction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.rdmagid.operator.failover.Budget;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigMapBudgetTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Duration WINDOW = Duration.ofMinutes(10);
  private static final String ALL = "/api/v1/namespaces/rdmagid-system/configmaps";
  private static final String ONE = ALL + "/rdmagid-failover";

  private final FakeServer server = new FakeServer();
  private final ConfigMapBudget budget =
      new ConfigMapBudget(server.client(), "rdmagid-system", new Budget(2, WINDOW));

  @AfterEach
  void stop() {
    server.close();
  }

  private static String object(String data) {
    return """
    {"kind":"ConfigMap","apiVersion":"v1","metadata":{"namespace":"rdmagid-system","name":"rdmagid-failover",
     "resourceVersion":"7"}%s}
    """
        .formatted(data);
  }

  private void there(String data) {
    server.answer("GET", ONE, 200, object(data));
    server.answer("PUT", ONE, 200, object(data));
  }

  private String written() {
    return server.requests().getLast().body();
  }

  @Test
  void whatIsNotThereIsCreated() {
    server.answer("POST", ALL, 201, object(""));

    assertThat(budget.charge("a", NOW)).isEmpty();
    assertThat(written()).contains("\"evictions\":\"a\"", "\"window\":\"2026-03-01T12:00:00Z\"");
  }

  @Test
  void anotherOperatorCountsOnWhereOneStopped() {
    there(",\"data\":{\"window\":\"2026-03-01T11:55:00Z\",\"evictions\":\"a\"}");

    assertThat(budget.charge("a", NOW)).as("it is counted").isEmpty();
    assertThat(server.requests()).hasSize(1);
    assertThat(budget.charge("b", NOW)).isEmpty();
    assertThat(written())
        .contains("a\\nb", "\"window\":\"2026-03-01T11:55:00Z\"", "\"resourceVersion\":\"7\"");
  }

  @Test
  void aSpentWindowIsWaitedOut() {
    there(",\"data\":{\"window\":\"2026-03-01T11:55:00Z\",\"evictions\":\"a\\nb\"}");

    assertThat(budget.charge("c", NOW)).contains(Instant.parse("2026-03-01T12:05:00Z"));
    assertThat(budget.charge("b", NOW)).as("it is counted").isEmpty();
    assertThat(server.requests()).extracting(FakeServer.Request::method).containsOnly("GET");
    assertThat(budget.charge("c", NOW.plus(WINDOW))).isEmpty();
    assertThat(written()).contains("\"evictions\":\"c\"");
  }

  /** As a clock that was set back leaves it: the window ends when it says. */
  @Test
  void aSpentWindowOfTheFutureIsWaitedOut() {
    there(",\"data\":{\"window\":\"2026-03-01T13:00:00Z\",\"evictions\":\"a\\nb\"}");

    assertThat(budget.charge("c", NOW)).contains(Instant.parse("2026-03-01T13:10:00Z"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"window\":\"yesterday\",\"evictions\":\"\"}",
        "{\"window\":\"2026-03-01T11:00:00Z\"}",
        "{\"evictions\":\"a\"}",
        "{\"note\":\"stop it\"}"
      })
  void whatNobodyUnderstandsStopsAll(String data) {
    there(",\"data\":" + data);

    assertThat(budget.charge("a", NOW)).contains(NOW.plus(WINDOW));
    assertThat(server.requests()).extracting(FakeServer.Request::method).containsOnly("GET");
  }

  @Test
  void ofTwoThatWriteAtOnceOneIsRefused() {
    there(",\"data\":{\"window\":\"2026-03-01T11:55:00Z\",\"evictions\":\"a\"}");
    server.answer("PUT", ONE, 409, FakeServer.status(409, "Conflict", "changed", "{}"));

    assertThatThrownBy(() -> budget.charge("b", NOW)).isInstanceOf(KubernetesClientException.class);
  }
}
