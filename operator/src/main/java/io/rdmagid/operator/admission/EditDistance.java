package io.rdmagid.operator.admission;

/** How far a name is from another. */
final class EditDistance {
  /** Longer ones are cut: a resource name has at most 63 characters after its prefix. */
  private static final int LONGEST = 128;

  private EditDistance() {}

  /** How many characters have to come, go or change (Levenshtein). */
  static int of(String one, String other) {
    String a = one.substring(0, Math.min(LONGEST, one.length()));
    String b = other.substring(0, Math.min(LONGEST, other.length()));
    int[] before = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      before[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] now = new int[b.length() + 1];
      now[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int changed = before[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        now[j] = Math.min(changed, 1 + Math.min(now[j - 1], before[j]));
      }
      before = now;
    }
    return before[b.length()];
  }
}
