package io.rdmagid.e2e.bench;

import java.util.Locale;

/** What a value counts, and how people read it. */
enum Unit {
  /** A ratio. */
  TIMES {
    @Override
    String text(double value) {
      return number(value) + "×";
    }
  },
  /** Nanoseconds. */
  NANOSECONDS {
    @Override
    String text(double value) {
      if (value < 1e3) {
        return number(value) + " ns";
      }
      if (value < 1e6) {
        return number(value / 1e3) + " µs";
      }
      if (value < 1e9) {
        return number(value / 1e6) + " ms";
      }
      return number(value / 1e9) + " s";
    }
  },
  /** How many. */
  COUNT {
    @Override
    String text(double value) {
      return String.format(Locale.ROOT, "%,.0f", value);
    }
  },
  /** Bytes. */
  BYTES {
    @Override
    String text(double value) {
      return String.format(Locale.ROOT, "%,.0f B", value);
    }
  };

  /** With the unit, in three digits or so. */
  abstract String text(double value);

  private static String number(double value) {
    String pattern = value >= 100 ? "%,.0f" : value >= 10 ? "%.1f" : "%.2f";
    return String.format(Locale.ROOT, pattern, value);
  }
}
