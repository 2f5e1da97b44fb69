package io.rdmagid.operator.group;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.rdmagid.operator.event.EventName;
import io.rdmagid.operator.event.EventWriter;
import java.time.Clock;

/**
 * Events of jobs, each about one pod of the job: that which is named first as the odd one, and when
 * all fit again one that did not. A label names no object that it could be about.
 */
final class GroupEvents {
  private final EventWriter writer;

  GroupEvents(KubernetesClient client, String instance, Clock clock) {
    writer = new EventWriter(client, instance, clock);
  }

  /** Writes the Event; one that was written before is not written again. */
  void tell(Groups.Telling telling) {
    boolean consistent = telling.verdict().isConsistent();
    writer.write(
        EventWriter.pod(
            telling.about().namespace(), telling.about().pod(), telling.about().podUid()),
        objectName(telling),
        new EventWriter.Words(
            !consistent,
            "Compare",
            consistent ? "GroupConsistent" : "GroupInconsistent",
            note(telling)));
  }

  /** The job, and what is to be said of it. */
  static String note(Groups.Telling telling) {
    return telling.group().name() + ": " + telling.verdict().message();
  }

  /** The same for the same telling. */
  static String objectName(Groups.Telling telling) {
    return EventName.of(
        "rdmagid-group",
        telling.group().namespace(),
        telling.group().id(),
        telling.verdict().message(),
        telling.occasion());
  }
}
