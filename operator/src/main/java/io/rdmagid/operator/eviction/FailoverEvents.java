package io.rdmagid.operator.eviction;

import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.rdmagid.api.v1alpha1.RdmaGid;
import io.rdmagid.api.v1alpha1.RdmaGidPool;
import io.rdmagid.operator.failover.Notice;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Events of pods and pools. One that has the name of another is the same, and is told once. */
final class FailoverEvents {
  private static final Logger LOG = LoggerFactory.getLogger(FailoverEvents.class);

  /** What the server takes of a note, in bytes. */
  private static final int MOST_NOTE = 1024;

  private static final int NAME_LENGTH = 200;
  private static final int HASH_DIGITS = 16;
  private static final DateTimeFormatter MICROSECONDS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private final KubernetesClient client;
  private final String instance;
  private final Clock clock;

  FailoverEvents(KubernetesClient client, String instance, Clock clock) {
    this.client = client;
    this.instance = instance;
    this.clock = clock;
  }

  void tell(Notice notice) {
    tell(
        new ObjectReferenceBuilder()
            .withApiVersion("v1")
            .withKind("Pod")
            .withNamespace(notice.pod().namespace())
            .withName(notice.pod().name())
            .withUid(notice.pod().uid())
            .build(),
        notice.kind().text(),
        notice.kind().isWarning(),
        notice.since(),
        notice.message());
  }

  /**
   * Tells that the breaker opened.
   *
   * @param since when it did
   */
  void tellBreakerOpen(RdmaGidPool pool, Instant since, String message) {
    tell(
        new ObjectReferenceBuilder()
            .withApiVersion(RdmaGid.GROUP + "/" + RdmaGid.VERSION)
            .withKind(RdmaGidPool.KIND)
            // Where Events of objects without a namespace are.
            .withNamespace("default")
            .withName(pool.getMetadata().getName())
            .withUid(pool.getMetadata().getUid())
            .build(),
        "BreakerOpen",
        true,
        since,
        message);
  }

  private void tell(
      ObjectReference regarding, String reason, boolean warning, Instant since, String message) {
    try {
      client
          .resource(
              new EventBuilder()
                  .withNewMetadata()
                  .withNamespace(regarding.getNamespace())
                  .withName(name(regarding, reason, since))
                  .endMetadata()
                  .withRegarding(regarding)
                  .withEventTime(new MicroTime(MICROSECONDS.format(Instant.now(clock))))
                  .withReportingController("rdmagid.io/operator")
                  .withReportingInstance(instance)
                  .withAction("Failover")
                  .withType(warning ? "Warning" : "Normal")
                  .withReason(reason)
                  .withNote(note(message))
                  .build())
          .create();
    } catch (KubernetesClientException e) {
      switch (e.getCode()) {
        case HttpURLConnection.HTTP_CONFLICT -> {
          // It was told.
        }
        case HttpURLConnection.HTTP_FORBIDDEN, HttpURLConnection.HTTP_NOT_FOUND ->
            // A namespace that is being deleted takes no Events: other pods do not wait for it.
            LOG.atWarn()
                .addKeyValue("regarding", regarding.getNamespace() + "/" + regarding.getName())
                .addKeyValue("reason", reason)
                .addKeyValue("problem", e.getMessage())
                .log("event not written");
        default -> throw e;
      }
    }
  }

  /** Messages of servers and webhooks are of any length, in any language. */
  static String note(String message) {
    String note = message.substring(0, Math.min(message.length(), MOST_NOTE));
    while (note.getBytes(StandardCharsets.UTF_8).length > MOST_NOTE) {
      note = note.substring(0, note.offsetByCodePoints(note.length(), -1));
    }
    return note;
  }

  private static String name(ObjectReference regarding, String reason, Instant since) {
    String key = String.join("\0", regarding.getUid(), reason, since.toString());
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
      String name = regarding.getName();
      String cut = name.substring(0, Math.min(name.length(), NAME_LENGTH));
      return cut.replaceAll("[-.]+$", "")
          + "."
          + HexFormat.of().formatHex(hash).substring(0, HASH_DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
