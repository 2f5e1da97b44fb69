package io.rdmagid.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DepartureTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  private String holder = "\"operator-1\"";
  private int atStop = -1;
  private int refusal;
  private final FakeServer server = new FakeServer(this::answer);

  @AfterEach
  void stop() {
    server.close();
  }

  private void answer(FakeServer.Request request, HttpExchange exchange) throws IOException {
    if (refusal != 0 && request.method().equals("PUT")) {
      FakeServer.refuse(exchange, refusal);
    } else {
      FakeServer.send(
          exchange,
          200,
          "{\"kind\":\"Lease\",\"apiVersion\":\"coordination.k8s.io/v1\",\"metadata\":"
              + "{\"namespace\":\"rdmagid\",\"name\":\"rdmagid-operator\",\"resourceVersion\":\"7\"},"
              + "\"spec\":{\"holderIdentity\":"
              + holder
              + ",\"leaseTransitions\":3}}");
    }
  }

  private Departure departure(Runnable stop, Duration longest) {
    return new Departure(server.client(), "rdmagid", "operator-1", stop, longest);
  }

  @Test
  void theLeaseIsLetGoOfWhenNothingIsDecidedAnyMore() {
    departure(() -> atStop = server.requests.size(), LONG).leave();

    assertThat(atStop).as("requests before it has stopped").isZero();
    assertThat(server.requests)
        .extracting(FakeServer.Request::method)
        .containsExactly("GET", "PUT");
    assertThat(server.requests.getLast().path())
        .isEqualTo("/apis/coordination.k8s.io/v1/namespaces/rdmagid/leases/rdmagid-operator");
    assertThat(server.requests.getLast().body())
        .contains("\"resourceVersion\":\"7\"", "\"leaseTransitions\":3")
        .doesNotContain("holderIdentity");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"operator-2\"", "null"})
  void theLeaseOfAnotherIsLeftAlone(String other) {
    holder = other;

    departure(() -> {}, LONG).leave();

    assertThat(server.requests).extracting(FakeServer.Request::method).containsExactly("GET");
  }

  @ParameterizedTest
  @ValueSource(ints = {403, 409, 500})
  void whoeverRefusesHoldsNothingUp(int code) {
    refusal = code;

    departure(() -> {}, LONG).leave();

    assertThat(server.requests)
        .extracting(FakeServer.Request::method)
        .containsExactly("GET", "PUT");
  }

  @Test
  void whatDoesNotStopKeepsTheLeaseAndHoldsNothingUp() {
    CountDownLatch never = new CountDownLatch(1);

    departure(
            () -> {
              try {
                never.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            Duration.ofMillis(50))
        .leave();

    assertThat(server.requests).isEmpty();
  }
}
