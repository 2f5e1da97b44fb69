package io.rdmagid.deviceplugin.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.rdmagid.deviceplugin.workload.NodeNotice;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeEventsTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final Queue<Event> tried = new ConcurrentLinkedQueue<>();
  private final Queue<KubernetesClientException> refusals = new ConcurrentLinkedQueue<>();
  private final MutableClock clock = new MutableClock();
  private NodeEvents events = events("node-a");
  private Thread thread;

  private NodeEvents events(String node) {
    return new NodeEvents(
        event -> {
          tried.add(event);
          KubernetesClientException refusal = refusals.poll();
          if (refusal != null) {
            throw refusal;
          }
        },
        node,
        clock);
  }

  private void start() {
    thread = Thread.ofPlatform().name("node-events").start(events);
  }

  @AfterEach
  void end() throws InterruptedException {
    thread.interrupt();
    assertThat(thread.join(LIMIT)).as("the loop ends").isTrue();
  }

  private List<Event> awaitTries(int count) {
    await().atMost(LIMIT).untilAsserted(() -> assertThat(tried).hasSize(count));
    return List.copyOf(tried);
  }

  private static NodeNotice notice(String note) {
    return new NodeNotice(true, "DevicePluginNotRegistered", "Register", note);
  }

  @Test
  void aNoticeIsAnEventOfTheNode() {
    start();
    events.tell(notice("no pool"));
    events.tell(new NodeNotice(false, "DevicePluginRegistered", "Register", "again"));
    List<Event> written = awaitTries(2);

    Event first = written.getFirst();
    assertThat(first.getMetadata().getNamespace()).isEqualTo("default");
    assertThat(first.getMetadata().getName()).matches("node-a\\.[0-9a-f]+");
    assertThat(first.getRegarding().getApiVersion()).isEqualTo("v1");
    assertThat(first.getRegarding().getKind()).isEqualTo("Node");
    assertThat(first.getRegarding().getName()).isEqualTo("node-a");
    assertThat(first.getRegarding().getUid()).isEqualTo("node-a");
    assertThat(first.getRegarding().getNamespace()).isNull();
    assertThat(first.getEventTime().getTime()).isEqualTo("2026-01-01T00:00:00.000000Z");
    assertThat(first.getReportingController()).isEqualTo("rdmagid.io/agent");
    assertThat(first.getReportingInstance()).isEqualTo("node-a");
    assertThat(first.getAction()).isEqualTo("Register");
    assertThat(first.getType()).isEqualTo("Warning");
    assertThat(first.getReason()).isEqualTo("DevicePluginNotRegistered");
    assertThat(first.getNote()).isEqualTo("no pool");
    assertThat(written.get(1).getType()).isEqualTo("Normal");
    // The clock stands still.
    assertThat(written.get(1).getMetadata().getName()).isNotEqualTo(first.getMetadata().getName());
  }

  @Test
  void longNamesAndNotesAreCut() {
    events = events("a".repeat(199) + "." + "b".repeat(53));
    start();
    events.tell(notice("é".repeat(511) + "🙂🙂"));
    Event written = awaitTries(1).getFirst();

    assertThat(written.getMetadata().getName())
        .matches("a{199}\\.[0-9a-f]+")
        .hasSizeLessThanOrEqualTo(253);
    assertThat(written.getReportingInstance()).hasSize(128);
    assertThat(written.getNote()).isEqualTo("é".repeat(510) + "…");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 401, 429, 500})
  void aServerThatIsAwayIsTriedAgain(int code) {
    refusals.add(new KubernetesClientException("away", code, null));
    start();
    events.tell(notice("first"));
    events.tell(notice("second"));

    assertThat(awaitTries(3))
        .extracting(Event::getNote)
        .containsExactly("first", "first", "second");
    assertThat(List.copyOf(tried).get(1)).isEqualTo(List.copyOf(tried).getFirst());
  }

  @ParameterizedTest
  @ValueSource(ints = {403, 409, 422})
  void whatIsThereOrRefusedIsNotTriedAgain(int code) {
    refusals.add(new KubernetesClientException("refused", code, null));
    start();
    events.tell(notice("first"));
    events.tell(notice("second"));

    assertThat(awaitTries(2)).extracting(Event::getNote).containsExactly("first", "second");
  }

  @Test
  void ofManyTheNewestAreKept() {
    for (int i = 0; i <= NodeEvents.MOST_WAITING; i++) {
      events.tell(notice("note " + i));
    }
    start();

    assertThat(awaitTries(NodeEvents.MOST_WAITING))
        .extracting(Event::getNote)
        .startsWith("note 1")
        .endsWith("note " + NodeEvents.MOST_WAITING);
  }
}
