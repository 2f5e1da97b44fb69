package io.rdmagid.operator.eviction;

import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.rdmagid.api.v1alpha1.RdmaGid;
import io.rdmagid.api.v1alpha1.RdmaGidPool;
import io.rdmagid.operator.event.EventName;
import io.rdmagid.operator.event.EventWriter;
import io.rdmagid.operator.failover.Notice;
import java.time.Clock;

/** Events of pods and pools. One that has the name of another is the same, and is told once. */
final class FailoverEvents {
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
    writer.write(
        regarding,
        EventName.of(regarding.getName(), regarding.getUid(), reason, since),
        new EventWriter.Words(warning, "Failover", reason, message));
  }
}
