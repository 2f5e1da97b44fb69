package io.rdmagid.pool;

import java.util.Arrays;
import java.util.Optional;

/** What becomes of a pod whose GID is not what it was started with any more. */
public enum GidChangeAction {
  /** Its files are brought up to date, nothing else. */
  REFRESH("Refresh"),
  /** It is evicted. */
  EVICT("Evict"),
  /** All pods of its group are evicted. */
  EVICT_GROUP("EvictGroup");

  private final String text;

  GidChangeAction(String text) {
    this.text = text;
  }

  /** The word used in API objects. */
  public String text() {
    return text;
  }

  /** The action written as {@code text}. */
  public static Optional<GidChangeAction> fromText(String text) {
    return Arrays.stream(values()).filter(action -> action.text.equals(text)).findFirst();
  }
}
