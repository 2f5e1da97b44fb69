package io.rdmagid.operator.group;

import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;

/**
 * Events of jobs, each about one pod of the job: that which is named first as the odd one, and when
 * all fit again one that did not. A label names no object that it could be about.
 */
final class GroupEvents {
  /** What the server takes of a note, in bytes; a character has at most three in what we write. */
  private static final int MOST_BYTES = 1024;

  private static final int HASH_DIGITS = 16;
  private static final DateTimeFormatter MICROSECONDS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private final KubernetesClient client;
  private final String instance;
  private final Clock clock;

  GroupEvents(KubernetesClient client, String instance, Clock clock) {
    this.client = client;
    this.instance = instance;
    this.clock = clock;
  }

  /** Writes the Event; one that was written before is not written again. */
  void tell(Groups.Telling telling) {
    Event object =
        new EventBuilder()
            .withNewMetadata()
            .withNamespace(telling.about().namespace())
            .withName(objectName(telling))
            .endMetadata()
            .withNewRegarding()
            .withApiVersion("v1")
            .withKind("Pod")
            .withNamespace(telling.about().namespace())
            .withName(telling.about().pod())
            .withUid(telling.about().podUid())
            .endRegarding()
            .withEventTime(new MicroTime(MICROSECONDS.format(Instant.now(clock))))
            .withReportingController("rdmagid.io/operator")
            .withReportingInstance(instance)
            .withAction("Compare")
            .withType(telling.verdict().isConsistent() ? "Normal" : "Warning")
            .withReason(telling.verdict().isConsistent() ? "GroupConsistent" : "GroupInconsistent")
            .withNote(note(telling))
            .build();
    try {
      client.resource(object).create();
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
    }
  }

  /** The job, and what is to be said of it. */
  static String note(Groups.Telling telling) {
    String whole = telling.group().name() + ": " + telling.verdict().message();
    String text = whole;
    while (text.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
      text = text.substring(0, Math.min(text.length() - 2, MOST_BYTES)) + "…";
    }
    return text;
  }

  /** The same for the same telling. */
  static String objectName(Groups.Telling telling) {
    String key =
        String.join(
            "\0",
            telling.group().namespace(),
            telling.group().id(),
            telling.verdict().message(),
            telling.occasion());
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
      return "rdmagid-group." + HexFormat.of().formatHex(hash).substring(0, HASH_DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
