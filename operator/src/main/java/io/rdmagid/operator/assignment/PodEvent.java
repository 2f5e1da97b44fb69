package io.rdmagid.operator.assignment;

import io.rdmagid.api.event.EventNote;
import io.rdmagid.operator.event.EventName;

/**
 * What is told of a pod once: the same container, reason, generation and message are the same
 * event, however often it is tried to be told.
 *
 * @param container the container whose ports it is about
 * @param generation of the container's ports, which begins anew with each sandbox
 * @param message for people, of old and new, at most {@link EventNote#MOST_BYTES}
 */
record PodEvent(Reason reason, String container, long generation, String message) {
  /** What happened to a port, in the order of telling. */
  enum Reason {
    /** The port has an index for the first time. */
    ASSIGNED("Assigned", false),
    /** The same GID stands at another index. */
    INDEX_MOVED("IndexMoved", true),
    /** Another GID is to be used. */
    ADDRESS_MOVED("AddressMoved", true),
    /** There was an index, and nobody vouches for one now. */
    LOST("Lost", true),
    /** There is an index again. */
    RECOVERED("Recovered", false);

    private final String text;
    private final boolean warning;

    Reason(String text, boolean warning) {
      this.text = text;
      this.warning = warning;
    }

    /** The word used in Events. */
    String text() {
      return text;
    }

    /** Whether running programs can be hurt. */
    boolean isWarning() {
      return warning;
    }
  }

  /** The name of the Event object: the same for the same event. */
  String objectName(String podName, String podUid) {
    return EventName.of(
        podName, podUid, reason.text(), container, Long.toString(generation), message);
  }
}
