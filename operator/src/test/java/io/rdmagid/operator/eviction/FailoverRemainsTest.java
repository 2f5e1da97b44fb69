package io.rdmagid.operator.eviction;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.rdmagid.api.v1alpha1.RdmaGidPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FailoverRemainsTest {
  private static final String PATH = "/apis/rdmagid.io/v1alpha1/rdmagidpools/rails/status";

  private final FakeServer server = new FakeServer();
  private final FailoverRemains remains = new FailoverRemains(server.client());

  @AfterEach
  void stop() {
    server.close();
  }

  private static RdmaGidPool pool(String status) {
    return Serialization.unmarshal(
        """
        kind: RdmaGidPool
        metadata: {name: rails, resourceVersion: "7"}
        status: %s
        """
            .formatted(status),
        RdmaGidPool.class);
  }

  /** The last is what a later version may have written. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{failover: {groups: [{uid: a, phase: Evicting, since: '2026-03-01T12:00:00Z', pods: [{namespace: team, name: a, uid: a}]}]}}",
        "{failover: {window: '2026-03-01T12:00:00Z', evictions: 2}}",
        "{conditions: [{type: BreakerOpen, status: 'True', reason: TooManyBroken}]}",
        "{failover: {groups: [{uid: a, phase: Pondering}]}}"
      })
  void whatFailoverOwnsIsRemovedOverWhatWasRead(String status) {
    assertThat(remains.remove(pool(status))).as("nobody answers").isFalse();

    assertThat(server.requests())
        .singleElement()
        .satisfies(request -> {
          assertThat(request.method()).isEqualTo("PATCH");
          assertThat(request.path()).startsWith(PATH).contains("fieldManager=rdmagid-failover");
          assertThat(request.body())
              .contains("\"resourceVersion\":\"7\"")
              .doesNotContain("BreakerOpen", "groups", "window");
        });
  }

  @Test
  void aPoolWithoutAnyIsLeftAlone() {
    assertThat(remains.remove(pool("{ports: 2, conditions: [{type: Accepted, status: 'True'}]}")))
        .isTrue();
    assertThat(remains.remove(new RdmaGidPool())).isTrue();

    assertThat(server.requests()).isEmpty();
  }
}
