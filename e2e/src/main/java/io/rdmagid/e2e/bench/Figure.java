package io.rdmagid.e2e.bench;

/**
 * Something that was measured.
 *
 * @param what in words
 * @param conditions under which it holds
 */
record Figure(String what, double value, Unit unit, Bar bar, String conditions) {
  /** One of which nothing is asked. */
  static Figure of(String what, double value, Unit unit, String conditions) {
    return new Figure(what, value, unit, new Bar.None(), conditions);
  }

  boolean holds() {
    return bar.holds(value);
  }

  /** The value as people read it. */
  String text() {
    return unit.text(value);
  }
}
