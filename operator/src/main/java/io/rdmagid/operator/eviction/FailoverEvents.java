package io.rdmagid.operator.eviction;

import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.rdmagid.api.v1alpha1.RdmaGid;
import io.rdmagid.api.v1alpha1.RdmaGidPool;
import io.rdmagid.operator.event.EventName;
import io.rdmagid.operator.event.EventWriter;
import io.rdmagid.operator.failover.Notice;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Events of pods and pools. One that has the name of another is the same, and is told once. */
final class FailoverEvents {
  private static final Logger LOG = LoggerFactory.getLogger(FailoverEvents.class);

  private final EventWriter writer;

  FailoverEvents(KubernetesClient client, String instance, Clock clock) {
    writer = new EventWriter(client, instance, clock);
  }

  void tell(Notice notice) {
    tell(
        EventWriter.pod(notice.pod().namespace(), notice.pod().name(), notice.pod().uid()),
        notice.kind().text(),
        notice.kind().isWarning(),
        notice.since().toString(),
        notice.message());
  }

  /**
   * Tells that the breaker opened.
   *
   * @param since when it did, as its condition has it: whoever tells it again, tells the same
   */
  void tellBreakerOpen(RdmaGidPool pool, String since, String message) {
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
      ObjectReference regarding, String reason, boolean warning, String since, String message) {
    try {
      writer.write(
          regarding,
          EventName.of(regarding.getName(), regarding.getUid(), reason, since),
          new EventWriter.Words(warning, "Failover", reason, message));
    } catch (KubernetesClientException e) {
      if (e.getCode() == FabricEvictionApi.TOO_MANY_REQUESTS
          || !FabricEvictionApi.isRefusal(e.getCode())) {
        throw e;
      }
      // A namespace that is being deleted takes no Events, and a webhook may refuse them: what is
      // to be done, for this pod and others, does not wait for it.
      LOG.atWarn()
          .addKeyValue("regarding", regarding.getNamespace() + "/" + regarding.getName())
          .addKeyValue("reason", reason)
          .addKeyValue("problem", e.getMessage())
          .log("event not written");
    }
  }
}
