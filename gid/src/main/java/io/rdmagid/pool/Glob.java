package io.rdmagid.pool;

/**
 * A pattern over names: {@code *} stands for any characters, none included, {@code ?} for one, and
 * every other character for itself.
 */
public record Glob(String pattern) {
  /** Whether the whole of {@code text} fits. Needs time in the product of the lengths at most. */
  public boolean matches(String text) {
    int inPattern = 0;
    int inText = 0;
    int star = -1;
    int retryAt = 0;
    while (inText < text.length()) {
      char expected = inPattern < pattern.length() ? pattern.charAt(inPattern) : '\0';
      if (inPattern < pattern.length() && expected == '*') {
        star = inPattern++;
        retryAt = inText;
      } else if (inPattern < pattern.length()
          && (expected == '?' || expected == text.charAt(inText))) {
        inPattern++;
        inText++;
      } else if (star >= 0) {
        // The last star takes one character more; earlier ones need not be tried again.
        inPattern = star + 1;
        inText = ++retryAt;
      } else {
        return false;
      }
    }
    while (inPattern < pattern.length() && pattern.charAt(inPattern) == '*') {
      inPattern++;
    }
    return inPattern == pattern.length();
  }

  @Override
  public String toString() {
    return pattern;
  }
}
