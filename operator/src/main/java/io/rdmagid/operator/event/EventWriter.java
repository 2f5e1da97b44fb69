package io.rdmagid.operator.event;

import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.rdmagid.api.event.EventNote;
import io.rdmagid.operator.server.Refusal;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes Events in the name of this operator. Safe for use by any thread. */
public final class EventWriter {
  private static final Logger LOG = LoggerFactory.getLogger(EventWriter.class);

  private static final DateTimeFormatter MICROSECONDS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private final KubernetesClient client;
  private final String instance;
  private final Clock clock;

  /**
   * Writes nothing yet.
   *
   * @param client stays the caller's to close
   * @param instance names this operator among others, at most 128 characters
   */
  public EventWriter(KubernetesClient client, String instance, Clock clock) {
    this.client = client;
    this.instance = instance;
    this.clock = clock;
  }

  /**
   * What an Event says, as the fields of the same names of events.k8s.io/v1.
   *
   * @param note of any length; written as {@link EventNote#of} makes it
   */
  public record Words(boolean warning, String action, String reason, String note) {}

  /**
   * Writes an Event; one whose name is there was written before, and is not written again. One that
   * is refused is logged and given up: a namespace that is being deleted takes none, and a webhook
   * may refuse them; what the Event is about, for this object and others, does not wait for it.
   *
   * @param regarding in whose namespace the Event is
   * @param name of the Event
   * @throws KubernetesClientException if the server has too much to do, or is away: to be tried
   *     again, before what the Event tells of is written down
   */
  public void write(ObjectReference regarding, String name, Words words) {
    Event object =
        new EventBuilder()
            .withNewMetadata()
            .withNamespace(regarding.getNamespace())
            .withName(name)
            .endMetadata()
            .withRegarding(regarding)
            .withEventTime(new MicroTime(MICROSECONDS.format(Instant.now(clock))))
            .withReportingController("rdmagid.io/operator")
            .withReportingInstance(instance)
            .withAction(words.action())
            .withType(words.warning() ? "Warning" : "Normal")
            .withReason(words.reason())
            .withNote(EventNote.of(words.note()))
            .build();
    try {
      client.resource(object).create();
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        return;
      }
      if (!Refusal.isOne(e)) {
        throw e;
      }
      LOG.atWarn()
          .addKeyValue("regarding", regarding.getNamespace() + "/" + regarding.getName())
          .addKeyValue("reason", words.reason())
          .addKeyValue("problem", e.getMessage())
          .log("event not written");
    }
  }

  /** A pod, for an Event that regards it. */
  public static ObjectReference pod(String namespace, String name, String uid) {
    return new ObjectReferenceBuilder()
        .withApiVersion("v1")
        .withKind("Pod")
        .withNamespace(namespace)
        .withName(name)
        .withUid(uid)
        .build();
  }
}
