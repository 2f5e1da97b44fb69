package io.rdmagid.e2e.bench;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What was measured in one place, on the page and in a plot.
 *
 * @param name of its part of the page, and its plot's
 * @param command that makes it
 * @param plot of some of it
 */
record Chapter(String name, String command, List<Figure> figures, BarPlot plot) {
  Chapter {
    figures = List.copyOf(figures);
  }

  /** The figures that are not what they have to be. */
  List<Figure> failures() {
    return figures.stream().filter(figure -> !figure.holds()).toList();
  }

  /** The figures as a table in Markdown. */
  String table() {
    return figures.stream()
        .map(figure ->
            "| %s | %s | %s | %s | `%s` |"
                .formatted(
                    figure.what(),
                    figure.holds() ? figure.text() : "**" + figure.text() + "**",
                    figure.bar().text(figure.unit()),
                    figure.conditions(),
                    command))
        .collect(
            Collectors.joining(
                "\n",
                "| figure | value | bar | conditions | command |\n|---|---|---|---|---|\n",
                "\n"));
  }
}
