package io.rdmagid.e2e.bench;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Horizontal bars on a logarithmic axis, as an SVG that can be read on light and dark pages.
 *
 * @param axis what the axis counts
 * @param unit of the rows and of the axis
 * @param rows at least one, from the top
 */
record BarPlot(String title, String axis, Unit unit, List<Row> rows) {
  private static final int WIDTH = 820;
  private static final int LEFT = 300;
  private static final int RIGHT = 90;
  private static final int TOP = 48;
  private static final int ROW = 26;
  private static final int BOTTOM = 56;

  /**
   * A bar with its label.
   *
   * @param value above zero
   */
  record Row(String label, double value) {
    Row {
      if (!(value > 0)) {
        throw new IllegalArgumentException(
            label + ": a logarithmic axis has no place for " + value);
      }
    }
  }

  BarPlot {
    rows = List.copyOf(rows);
    if (rows.isEmpty()) {
      throw new IllegalArgumentException(title + ": nothing to show");
    }
  }

  String svg() {
    int height = TOP + ROW * rows.size() + BOTTOM;
    StringBuilder svg = new StringBuilder();
    svg.append(
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$d %2$d" width="%1$d" height="%2$d" role="img">
        <title>%3$s</title>
        <desc>%4$s</desc>
        <style>
        text { font: 13px sans-serif; fill: #24292f }
        .title { font-size: 15px; font-weight: bold }
        .bar { fill: #2f6fbd }
        .grid { stroke: #8b949e; stroke-opacity: 0.5 }
        @media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .bar { fill: #6cb0f5 } }
        </style>
        <text class="title" x="16" y="26">%3$s</text>
        """
            .formatted(WIDTH, height, escaped(title), escaped(description())));
    int axisAt = TOP + ROW * rows.size();
    for (int power = firstPower(); power <= lastPower(); power++) {
      svg.append(
          "<line class=\"grid\" x1=\"%2$s\" y1=\"%3$d\" x2=\"%2$s\" y2=\"%4$d\"/>\n<text x=\"%2$s\" y=\"%5$d\" text-anchor=\"middle\">%1$s</text>\n"
              .formatted(
                  escaped(tick(power)), number(x(Math.pow(10, power))), TOP, axisAt, axisAt + 18));
    }
    for (int i = 0; i < rows.size(); i++) {
      svg.append(row(rows.get(i), TOP + ROW * i));
    }
    svg.append(
        "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>\n</svg>\n"
            .formatted((LEFT + WIDTH - RIGHT) / 2, axisAt + 42, escaped(axis)));
    return svg.toString();
  }

  private String row(Row row, int y) {
    double end = x(row.value());
    return """
    <text x="%d" y="%d" text-anchor="end">%s</text>
    <rect class="bar" x="%d" y="%d" width="%s" height="%d"/>
    <text x="%s" y="%2$d">%s</text>
    """
        .formatted(
            LEFT - 10,
            y + 18,
            escaped(row.label()),
            LEFT,
            y + 5,
            number(end - LEFT),
            ROW - 10,
            number(end + 6),
            escaped(unit.text(row.value())));
  }

  /** For those who do not see the picture. */
  private String description() {
    return axis
        + ". "
        + rows.stream()
            .map(row -> row.label() + ": " + unit.text(row.value()))
            .collect(Collectors.joining("; "));
  }

  private double x(double value) {
    double share = (Math.log10(value) - firstPower()) / (lastPower() - firstPower());
    return LEFT + share * (WIDTH - LEFT - RIGHT);
  }

  /** Below the smallest, so that each bar has a length. */
  private int firstPower() {
    double least = rows.stream().mapToDouble(Row::value).min().orElseThrow();
    return (int) Math.ceil(Math.log10(least)) - 1;
  }

  private int lastPower() {
    double most = rows.stream().mapToDouble(Row::value).max().orElseThrow();
    return Math.max((int) Math.ceil(Math.log10(most)), firstPower() + 1);
  }

  /** Without the decimals that a value has. */
  private String tick(int power) {
    return unit.text(Math.pow(10, power)).replace(".00", "").replace(".0", "");
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
