package io.rdmagid.api.condition;

/** The status of a condition. */
public enum ConditionStatus {
  /** It holds. */
  TRUE("True"),
  /** It does not hold. */
  FALSE("False"),
  /** Nobody can tell. */
  UNKNOWN("Unknown");

  private final String text;

  ConditionStatus(String text) {
    this.text = text;
  }

  /** The word used in API objects. */
  public String text() {
    return text;
  }

  /** The status that says whether something holds. */
  public static ConditionStatus of(boolean holds) {
    return holds ? TRUE : FALSE;
  }
}
