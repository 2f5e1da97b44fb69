package io.rdmagid.library;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers as C's library reads them from text: as far as they go, and 0 where none begins. */
final class LeadingNumber {
  private static final Pattern DECIMAL = Pattern.compile("\\s*([+-]?\\d+)");
  private static final Pattern ANY_BASE =
      Pattern.compile("\\s*([+-]?)(?:0[xX]([0-9a-fA-F]+)|(\\d+))");

  private LeadingNumber() {}

  /** {@code strtol(text, NULL, 0)}: 0x3 is 3, 010 is 8. */
  static long ofAnyBase(String text) {
    Matcher matcher = ANY_BASE.matcher(text);
    if (!matcher.lookingAt()) {
      return 0;
    }
    String hex = matcher.group(2);
    String digits = hex == null ? matcher.group(3) : hex;
    int base = hex == null ? digits.startsWith("0") ? 8 : 10 : 16;
    // An octal number ends before its first 8 or 9.
    String valid = base == 8 ? digits.replaceFirst("[89].*", "") : digits;
    return saturated((matcher.group(1).equals("-") ? "-" : "") + valid, base);
  }

  /** {@code atoi(text)}: 0x3 is 0. */
  static long ofDecimal(String text) {
    Matcher matcher = DECIMAL.matcher(text);
    return matcher.lookingAt() ? saturated(matcher.group(1), 10) : 0;
  }

  private static long saturated(String digits, int base) {
    try {
      return Long.parseLong(digits, base);
    } catch (NumberFormatException e) {
      return digits.startsWith("-") ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
  }
}
