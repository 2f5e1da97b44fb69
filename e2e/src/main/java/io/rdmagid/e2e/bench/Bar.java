package io.rdmagid.e2e.bench;

/** What a figure has to be. */
sealed interface Bar {
  /** Whether a figure of this value is what it has to be. */
  boolean holds(double value);

  /** It as a cell of a table. */
  String text(Unit unit);

  /** The figure is shown, and nothing is asked of it. */
  record None() implements Bar {
    @Override
    public boolean holds(double value) {
      return true;
    }

    @Override
    public String text(Unit unit) {
      return "";
    }
  }

  /** No more than this. */
  record AtMost(double limit) implements Bar {
    @Override
    public boolean holds(double value) {
      return value <= limit;
    }

    @Override
    public String text(Unit unit) {
      return "≤ " + unit.text(limit);
    }
  }

  /** No less than this. */
  record AtLeast(double limit) implements Bar {
    @Override
    public boolean holds(double value) {
      return value >= limit;
    }

    @Override
    public String text(Unit unit) {
      return "≥ " + unit.text(limit);
    }
  }
}
