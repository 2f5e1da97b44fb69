package io.rdmagid.operator.assignment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.rdmagid.operator.FakeServer;
import io.rdmagid.operator.TestClock;
import io.rdmagid.operator.assignment.PodApi.PodRef;
import io.rdmagid.operator.assignment.PodApi.Written;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FabricPodApiTest {
  private static final PodRef POD = new PodRef("team", "a", "uid-a");
  private static final String PATH = "/api/v1/namespaces/team/pods/a";

  private Optional<String> uid = Optional.empty();
  private int refusal = HttpURLConnection.HTTP_OK;
  private Optional<Integer> eventRefusal = Optional.empty();
  private final FakeServer server =
      new FakeServer((request, exchange) -> {
        if (request.path().endsWith("/events") && eventRefusal.isPresent()) {
          FakeServer.refuse(exchange, eventRefusal.get());
        } else if (!request.method().equals("GET") && refusal == HttpURLConnection.HTTP_OK) {
          FakeServer.send(exchange, refusal, "{\"kind\":\"Pod\",\"apiVersion\":\"v1\"}");
        } else if (!request.method().equals("GET")) {
          FakeServer.refuse(exchange, refusal);
        } else if (uid.isEmpty()) {
          FakeServer.refuse(exchange, 404);
        } else {
          FakeServer.send(
              exchange,
              200,
              "{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"namespace\":\"team\",\"name\":\"a\","
                  + "\"uid\":\""
                  + uid.get()
                  + "\"}}");
        }
      });
  private final PodApi api = new FabricPodApi(server.client(), "operator", new TestClock());

  @AfterEach
  void stop() {
    server.close();
  }

  static Stream<Named<Function<PodApi, Written>>> writes() {
    return Stream.of(
        Named.of("annotation", api -> api.annotate(POD, "{}")),
        Named.of(
            "condition",
            api -> api.setCondition(POD, new PodConditionBuilder().withType("x").build())));
  }

  /** What is applied is the operator's from then on, so that nothing else may be in it. */
  @Test
  void appliesItsFieldsAndNoOthersToThisPodAlone() {
    assertThat(api.annotate(POD, "{}")).isEqualTo(Written.DONE);
    assertThat(api.annotate(POD, null)).isEqualTo(Written.DONE);
    assertThat(api.setCondition(POD, new PodConditionBuilder().withType("x").build()))
        .isEqualTo(Written.DONE);

    assertThat(server.requests)
        .allSatisfy(request -> {
          assertThat(request.method()).isEqualTo("PATCH");
          assertThat(request.query().split("&", -1))
              .contains("fieldManager=rdmagid-operator", "force=true");
        });
    assertThat(server.requests)
        .extracting(FakeServer.Request::path)
        .containsExactly(PATH, PATH, PATH + "/status");
    assertThat(server.requests)
        .extracting(request -> Serialization.unmarshal(request.body(), Object.class))
        .containsExactly(
            applied(",\"annotations\":{\"rdmagid.io/assignment\":\"{}\"}}"),
            applied("}"),
            applied("},\"status\":{\"conditions\":[{\"type\":\"x\"}]}"));
  }

  /** The pod by its uid, and what follows that. */
  private static Object applied(String rest) {
    return Serialization.unmarshal(
        "{\"kind\":\"Pod\",\"apiVersion\":\"v1\","
            + "\"metadata\":{\"namespace\":\"team\",\"name\":\"a\",\"uid\":\"uid-a\""
            + rest
            + "}",
        Object.class);
  }

  /** As by a webhook that refuses Events: the pod shows what it holds, and is Ready by its gate. */
  @Test
  void anEventThatIsRefusedHoldsUpNeitherAnnotationNorCondition() {
    uid = Optional.of("uid-a");
    eventRefusal = Optional.of(403);

    show();

    assertThat(server.requests)
        .extracting(request -> request.method() + " " + request.path())
        .containsExactly(
            "GET " + PATH,
            "POST /apis/events.k8s.io/v1/namespaces/team/events",
            "PATCH " + PATH,
            "PATCH " + PATH + "/status");
  }

  /** What was annotated before it was told would never be. */
  @Test
  void anEventThatTheServerHasNoTimeForIsToldBeforeTheAnnotation() {
    uid = Optional.of("uid-a");
    eventRefusal = Optional.of(429);

    assertThatThrownBy(this::show).isInstanceOf(KubernetesClientException.class);
    assertThat(server.requests).noneMatch(request -> request.method().equals("PATCH"));
  }

  private void show() {
    TestClock clock = new TestClock();
    Optional<Duration> _ =
        new PodCopy(api, new StandingDifferences(clock), "rdmagid.io/"::concat, clock)
            .show(
                POD,
                List.of(AssignedPorts.current("train", "mlx5_0", 3, "::ffff:10.0.0.1", 1)),
                new Difference.Check(List.of(), true));
  }

  @ParameterizedTest
  @MethodSource("writes")
  void aPodThatOthersWriteAllTheTimeIsTriedAgain(Function<PodApi, Written> write) {
    uid = Optional.of("uid-a");
    refusal = 409;

    assertThatThrownBy(() -> write.apply(api)).isInstanceOf(KubernetesClientException.class);
  }

  @ParameterizedTest
  @MethodSource("writes")
  void aPodThatIsNotThereIsGone(Function<PodApi, Written> write) {
    refusal = 409;
    assertThat(write.apply(api)).isEqualTo(Written.GONE);

    uid = Optional.of("uid-b");
    assertThat(write.apply(api)).as("another of the name").isEqualTo(Written.GONE);

    refusal = 404;
    assertThat(write.apply(api)).isEqualTo(Written.GONE);
  }
}
