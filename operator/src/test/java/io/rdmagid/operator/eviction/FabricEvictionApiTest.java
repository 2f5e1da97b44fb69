package io.rdmagid.operator.eviction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rdmagid.operator.TestClock;
import io.rdmagid.operator.eviction.EvictionApi.Outcome;
import io.rdmagid.operator.failover.Notice;
import io.rdmagid.operator.failover.PodRef;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FabricEvictionApiTest {
  private static final PodRef POD = new PodRef("team", "a", "uid-a");
  private static final String PATH = "/api/v1/namespaces/team/pods/a";
  private static final String EVENTS = "/apis/events.k8s.io/v1/namespaces/team/events";

  private final FakeServer server = new FakeServer();
  private final TestClock clock = new TestClock();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final FabricEvictionApi api =
      new FabricEvictionApi(
          server.client(),
          new FailoverEvents(server.client(), "operator", clock),
          new EvictionCounts(registry));

  @AfterEach
  void stop() {
    server.close();
  }

  private void pod(String uid, String metadata, String phase) {
    server.answer(
        "GET",
        PATH,
        200,
        """
        {"kind":"Pod","apiVersion":"v1","metadata":{"namespace":"team","name":"a","uid":"%s"%s},"status":{"phase":"%s"}}
        """
            .formatted(uid, metadata, phase));
  }

  private void evictionAnswers(int code, String body) {
    server.answer("POST", PATH + "/eviction", code, body);
  }

  private void assertNothingWritten() {
    assertThat(server.requests()).extracting(FakeServer.Request::method).containsOnly("GET");
    assertThat(counts().values()).as("nothing was asked for").containsOnly(0.0);
  }

  private Map<String, Double> counts() {
    return registry.get("rdmagid.evictions").counters().stream()
        .collect(Collectors.toMap(counter -> counter.getId().getTag("outcome"), Counter::count));
  }

  @Test
  void theEvictionNamesTheUid() {
    pod("uid-a", "", "Running");
    evictionAnswers(201, FakeServer.status(201, "", "", "{}"));

    assertThat(api.evict(POD, false)).isEqualTo(new Outcome.Evicted());
    assertThat(api.evict(POD, true)).isEqualTo(new Outcome.Evicted());
    assertThat(counts()).isEqualTo(Map.of("evicted", 1.0, "gone", 0.0, "refused", 0.0));

    assertThat(server.requests())
        .filteredOn(request -> request.method().equals("POST"))
        .extracting(FakeServer.Request::body)
        .allMatch(body -> body.contains("\"uid\":\"uid-a\""))
        .satisfiesExactly(
            real -> assertThat(real).doesNotContain("All"),
            dry -> assertThat(dry).contains("\"dryRun\":[\"All\"]"));
  }

  /** The eviction API would delete it, whatever a budget says, with its logs. */
  @ParameterizedTest
  @ValueSource(strings = {"Succeeded", "Failed"})
  void aPodThatHasEndedIsLeftAlone(String phase) {
    pod("uid-a", "", phase);

    assertThat(api.evict(POD, false)).isEqualTo(new Outcome.Gone());
    assertNothingWritten();
  }

  /** The eviction API would give it the time of its spec, which may be less than it has. */
  @Test
  void aPodThatIsBeingDeletedIsLeftAlone() {
    pod("uid-a", ",\"deletionTimestamp\":\"2026-03-01T12:00:00Z\"", "Running");

    assertThat(api.evict(POD, false)).isEqualTo(new Outcome.Leaving());
    assertNothingWritten();
  }

  /** By an operator that ended before it heard of it, say. */
  @Test
  void aPodThatWasEvictedBeforeIsEvicted() {
    server.answer(
        "GET",
        PATH,
        200,
        """
        {"kind":"Pod","apiVersion":"v1",
         "metadata":{"namespace":"team","name":"a","uid":"uid-a","deletionTimestamp":"2026-03-01T12:00:00Z"},
         "status":{"phase":"Running","conditions":[
          {"type":"DisruptionTarget","status":"True","reason":"EvictionByEvictionAPI","message":"Eviction API: evicting"}]}}
        """);

    assertThat(api.evict(POD, false)).isEqualTo(new Outcome.Evicted());
    assertThat(api.evict(POD, true))
        .as("before a start: by another")
        .isEqualTo(new Outcome.Leaving());
    assertNothingWritten();
  }

  @Test
  void anotherPodOfTheNameIsLeftAlone() {
    pod("uid-a-2", "", "Running");

    assertThat(api.evict(POD, false)).isEqualTo(new Outcome.Gone());
    assertNothingWritten();
  }

  @Test
  void aBudgetRefusesAndSaysWhenToAskAgain() {
    pod("uid-a", "", "Running");
    evictionAnswers(
        429,
        FakeServer.status(
            429,
            "TooManyRequests",
            "Cannot evict.",
            "{\"retryAfterSeconds\":10,\"causes\":[{\"reason\":\"DisruptionBudget\",\"message\":\"budget"
                + " b\"}]}"));

    assertThat(api.evict(POD, false))
        .isEqualTo(
            new Outcome.Refused(
                "DisruptionBudget", "Cannot evict. budget b", Optional.of(Duration.ofSeconds(10))));
  }

  /** Otherwise the pools' other pods would wait for this one for ever. */
  @ParameterizedTest
  @CsvSource({"400, BadRequest", "403, Forbidden", "422, Invalid", "429, TooMany", "500, Internal"})
  void whatCannotBeEvictedIsRefused(int code, String reason) {
    pod("uid-a", "", "Running");
    evictionAnswers(code, FakeServer.status(code, reason, "denied", "{}"));

    assertThat(api.evict(POD, false))
        .isEqualTo(new Outcome.Refused("Refused", "denied", Optional.empty()));
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 408, 503, 504})
  void aServerInTroubleIsNoAnswer(int code) {
    pod("uid-a", "", "Running");
    evictionAnswers(code, FakeServer.status(code, "Trouble", "later", "{}"));

    assertThatThrownBy(() -> api.evict(POD, false)).isInstanceOf(KubernetesClientException.class);
  }

  /** Messages of webhooks are of any length; of an Event that is too long none would be written. */
  @Test
  void aLongMessageIsWrittenAsFarAsTheServerTakesIt() {
    server.answer("POST", EVENTS, 201, "{}");

    api.tell(new Notice(Notice.Kind.BLOCKED, POD, clock.instant(), "ü".repeat(2000)));

    assertThat(server.requests())
        .singleElement()
        .extracting(FakeServer.Request::body)
        .asString()
        .contains("\"note\":\"" + "ü".repeat(510) + "…\"");
  }
}
