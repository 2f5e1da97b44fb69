package io.rdmagid.operator.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.rdmagid.operator.FakeServer;
import io.rdmagid.operator.TestClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventWriterTest {
  private int answer;
  private String message = "no";
  private final FakeServer server =
      new FakeServer((_, exchange) -> FakeServer.refuse(exchange, answer, message));
  private final EventWriter writer = new EventWriter(server.client(), "operator", new TestClock());

  @AfterEach
  void stop() {
    server.close();
  }

  private void write() {
    writer.write(
        EventWriter.pod("team", "a", "uid-a"),
        "a.1",
        new EventWriter.Words(true, "Copy", "Lost", "lost"));
  }

  /** Nor one that a webhook is to look at that does not answer. */
  @Test
  void anEventThatAWebhookFailsOnHoldsNothingUp() {
    answer = 500;
    message = FakeServer.FAILED_WEBHOOK;

    write();

    assertThat(server.requests).hasSize(1);
  }

  /** As of a namespace that is being deleted, or by a webhook: nothing waits for it. */
  @ParameterizedTest
  @ValueSource(ints = {400, 403, 404, 409, 422})
  void anEventThatNobodyTakesHoldsNothingUp(int code) {
    answer = code;

    write();

    assertThat(server.requests)
        .extracting(FakeServer.Request::path)
        .containsExactly("/apis/events.k8s.io/v1/namespaces/team/events");
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 408, 429, 500, 503, 504})
  void aServerInTroubleIsToBeAskedAgain(int code) {
    answer = code;

    assertThatThrownBy(this::write).isInstanceOf(KubernetesClientException.class);
  }
}
