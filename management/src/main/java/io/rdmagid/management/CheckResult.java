package io.rdmagid.management;

/** What a {@link Check} found. */
public sealed interface CheckResult {
  /** It holds. */
  record Passing() implements CheckResult {}

  /**
   * It does not hold.
   *
   * @param reason one line for people
   */
  record Failing(String reason) implements CheckResult {}

  /** It holds. */
  static CheckResult passing() {
    return new Passing();
  }

  /** It does not hold, for the reason given. */
  static CheckResult failing(String reason) {
    return new Failing(reason);
  }

  /** It holds, or it does not for the reason given. */
  static CheckResult of(boolean holds, String otherwise) {
    return holds ? passing() : failing(otherwise);
  }
}
