package io.rdmagid.operator.failover;

import java.time.Instant;

/**
 * What is told of a pod once, as an Event.
 *
 * @param since of its {@link Group}: the same pod, kind and time are the same notice
 * @param message for people
 */
public record Notice(Kind kind, PodRef pod, Instant since, String message) {
  /** What there is to tell. */
  public enum Kind {
    /** The pod is broken and is evicted unless it recovers. */
    PLANNED("EvictionPlanned", true),
    /** It recovered, or is not to be evicted for another reason. */
    CANCELLED("EvictionCancelled", false),
    /** It is not yet, for a disruption budget, say. */
    BLOCKED("EvictionBlocked", true),
    /** It would be, had the pool not said dryRun. */
    WOULD_EVICT("WouldEvict", true),
    /** It was evicted. */
    EVICTED("EvictedForFailover", true);

    private final String text;
    private final boolean warning;

    Kind(String text, boolean warning) {
      this.text = text;
      this.warning = warning;
    }

    /** The word used in Events. */
    public String text() {
      return text;
    }

    /** Whether people should look. */
    public boolean isWarning() {
      return warning;
    }
  }
}
