package io.rdmagid.kubectl;

import io.rdmagid.terminal.TextTable;
import io.rdmagid.terminal.Tone;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A table whose rows end with a sentence that can be long: on a terminal of {@value #WIDTH} columns
 * it stands below the row, in lines that fit. Wide, each row is one line.
 */
final class FoldedTable {
  /** Columns of a terminal that nobody made larger. */
  static final int WIDTH = 80;

  private static final String INDENT = "    ";

  private final TextTable wide;
  private final TextTable narrow;
  private final List<Row> rows = new ArrayList<>();

  private record Row(Tone tone, String sentence) {}

  /** A table without rows; the last column is that of the sentence. */
  FoldedTable(String... header) {
    wide = new TextTable(header);
    narrow = new TextTable(withoutLast(header));
  }

  /** A row in this tone; the last cell is the sentence. */
  void add(Tone tone, String... cells) {
    String[] inLine = cells.clone();
    // Many a message is somebody else's, and may have several lines.
    inLine[cells.length - 1] = cells[cells.length - 1].strip().replaceAll("\\s+", " ");
    wide.add(tone, inLine);
    narrow.add(tone, withoutLast(inLine));
    rows.add(new Row(tone, inLine[cells.length - 1]));
  }

  /** Whether it has no row. */
  boolean isEmpty() {
    return rows.isEmpty();
  }

  /**
   * Header and rows.
   *
   * @param asWide whether each row is one line
   */
  List<String> lines(boolean colours, boolean asWide) {
    if (asWide) {
      return wide.lines(colours);
    }
    List<String> heads = narrow.lines(colours);
    List<String> lines = new ArrayList<>(List.of(heads.getFirst()));
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      lines.add(heads.get(i + 1));
      if (!row.sentence().isEmpty()) {
        folded(INDENT, INDENT, row.sentence())
            .forEach(line -> lines.add(row.tone().of(line, colours)));
      }
    }
    return lines;
  }

  /**
   * A sentence in lines that fit; a word that is longer than a line stands alone.
   *
   * @param first before the first line
   * @param following before the others
   */
  static List<String> folded(String first, String following, String sentence) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : sentence.split(" ", -1)) {
      if (!line.isEmpty() && line.length() + 1 + word.length() > WIDTH) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? lines.isEmpty() ? first : following : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }

  private static String[] withoutLast(String... cells) {
    return Arrays.copyOf(cells, cells.length - 1);
  }
}
