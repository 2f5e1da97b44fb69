package io.rdmagid.deviceplugin.cluster;

import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.rdmagid.api.event.EventNote;
import io.rdmagid.deviceplugin.pace.Jitter;
import io.rdmagid.deviceplugin.workload.NodeNotice;
import io.rdmagid.deviceplugin.workload.NodeNotices;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes notices as Events of the Node, in their order. While the API server is away they wait, the
 * newest {@value #MOST_WAITING} of them. {@link #run} is the whole life of its thread, which ends
 * when it is interrupted; {@link #tell} may come from any thread.
 */
public final class NodeEvents implements Runnable, NodeNotices {
  static final int MOST_WAITING = 64;

  private static final int MOST_INSTANCE = 128;
  private static final int NAME_LENGTH = 200;

  private static final Logger LOG = LoggerFactory.getLogger(NodeEvents.class);
  private static final Duration LONGEST_RETRY = Duration.ofSeconds(30);
  private static final DateTimeFormatter MICROSECONDS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private final Consumer<Event> creation;
  private final String nodeName;
  private final Clock clock;
  private final Pauses pauses = new Pauses(Jitter.random());
  private final AtomicLong lastName = new AtomicLong();
  private final BlockingQueue<Event> waiting = new ArrayBlockingQueue<>(MOST_WAITING);

  /** Writes by this client, which stays the caller's to close. */
  public NodeEvents(KubernetesClient client, String nodeName, Clock clock) {
    this(
        event -> {
          Event _ = client.resource(event).create();
        },
        nodeName,
        clock);
  }

  /**
   * Writes elsewhere.
   *
   * @param creation one request; a refusal or a broken connection is a {@link
   *     KubernetesClientException}
   */
  NodeEvents(Consumer<Event> creation, String nodeName, Clock clock) {
    this.creation = creation;
    this.nodeName = nodeName;
    this.clock = clock;
  }

  @Override
  public void tell(NodeNotice notice) {
    Event event = event(notice);
    while (!waiting.offer(event)) {
      Event oldest = waiting.poll();
      if (oldest != null) {
        dropped(oldest, "too many wait for the API server");
      }
    }
  }

  @Override
  public void run() {
    try {
      while (true) {
        write(waiting.take());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void write(Event event) throws InterruptedException {
    for (int failures = 0; ; failures++) {
      try {
        creation.accept(event);
        return;
      } catch (KubernetesClientException e) {
        if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
          return; // it is there: the answer to the first try was lost
        }
        if (ClusterPublisher.concernsOneObject(e.getCode())) {
          dropped(event, e.getMessage());
          return;
        }
        Duration pause = pauses.afterFailure(failures, LONGEST_RETRY);
        if (failures == 0) {
          LOG.atWarn()
              .addKeyValue("event", event.getReason())
              .addKeyValue("reason", e.getMessage())
              .log("Event of the Node not written yet");
        }
        TimeUnit.MILLISECONDS.sleep(pause.toMillis());
      }
    }
  }

  private static void dropped(Event event, @Nullable String why) {
    LOG.atWarn()
        .addKeyValue("event", event.getReason())
        .addKeyValue("note", event.getNote())
        .addKeyValue("reason", why)
        .log("Event of the Node dropped");
  }

  /**
   * In namespace default, with the Node's name for its uid, as kubelets do: {@code kubectl describe
   * node} looks for that and for the uid itself (kubectl, pkg/describe/describe.go).
   */
  private Event event(NodeNotice notice) {
    Instant now = clock.instant();
    return new EventBuilder()
        .withNewMetadata()
        .withNamespace("default")
        .withName(objectName(now))
        .endMetadata()
        .withNewRegarding()
        .withApiVersion("v1")
        .withKind("Node")
        .withName(nodeName)
        .withUid(nodeName)
        .endRegarding()
        .withEventTime(new MicroTime(MICROSECONDS.format(now)))
        .withReportingController("rdmagid.io/agent")
        .withReportingInstance(cut(nodeName, MOST_INSTANCE))
        .withAction(notice.action())
        .withType(notice.warning() ? "Warning" : "Normal")
        .withReason(notice.reason())
        .withNote(EventNote.of(notice.note()))
        .build();
  }

  /** No other event of the Node has it: the time in microseconds, or the next that is free. */
  private String objectName(Instant now) {
    long micros = ChronoUnit.MICROS.between(Instant.EPOCH, now);
    long name = lastName.updateAndGet(last -> Math.max(last + 1, micros));
    // Labels end with a letter or digit.
    return cut(nodeName, NAME_LENGTH).replaceAll("[-.]+$", "") + "." + Long.toHexString(name);
  }

  private static String cut(String text, int length) {
    return text.substring(0, Math.min(text.length(), length));
  }
}
