package io.rdmagid.e2e.bench;

import io.rdmagid.e2e.testbed.TestbedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The page {@code docs/benchmarks.md}: people write it, but for a part a chapter, between two
 * comments, {@code <!-- bench:NAME -->} and {@code <!-- /bench:NAME -->}. A chapter's plot is
 * {@code benchmarks-NAME.svg} beside it.
 */
record BenchPage(Path file) {
  /** Puts what was measured in its place. */
  void write(Chapter chapter) {
    try {
      Files.writeString(
          file.resolveSibling("benchmarks-" + chapter.name() + ".svg"), chapter.plot().svg());
      Files.writeString(file, replace(Files.readString(file), chapter));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The text with the chapter's part made anew. */
  static String replace(String text, Chapter chapter) {
    String begin = "<!-- bench:" + chapter.name() + " -->\n";
    String end = "<!-- /bench:" + chapter.name() + " -->";
    int from = text.indexOf(begin);
    int to = text.indexOf(end);
    if (from < 0 || to < from) {
      throw new TestbedException(
          "docs/benchmarks.md has no lines " + begin.strip() + " and " + end + " in this order");
    }
    return text.substring(0, from + begin.length())
        + chapter.table()
        + "\n![%s](benchmarks-%s.svg)\n".formatted(chapter.plot().title(), chapter.name())
        + text.substring(to);
  }
}
