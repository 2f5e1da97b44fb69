package io.rdmagid.terminal;

import java.util.ArrayList;
import java.util.List;

/** Aligned text: a header and rows of as many cells. */
public final class TextTable {
  /** The column that {@link #lines} keeps narrow. */
  public static final String ADDRESS = "GID/ADDRESS";

  private static final String GAP = "  ";
  private static final String NONE = "-";

  /**
   * Longer addresses push what follows aside, so that one IPv6 address does not make every line too
   * wide for a terminal.
   */
  private static final int ADDRESS_WIDTH = "255.255.255.255".length();

  private final List<List<String>> rows = new ArrayList<>();
  private final List<Tone> tones = new ArrayList<>();

  /** A table without rows. */
  public TextTable(String... header) {
    rows.add(List.of(header));
    tones.add(Tone.PLAIN);
  }

  /** A row; an empty cell before the last is shown as a dash. */
  public void add(String... cells) {
    add(Tone.PLAIN, cells);
  }

  /** The same in this tone. */
  public void add(Tone tone, String... cells) {
    List<String> row = new ArrayList<>();
    for (int i = 0; i < cells.length; i++) {
      row.add(cells[i].isEmpty() && i < cells.length - 1 ? NONE : cells[i]);
    }
    rows.add(row);
    tones.add(tone);
  }

  /** Whether it has no row. */
  public boolean isEmpty() {
    return rows.size() == 1;
  }

  /** Header and rows, without colours. */
  public List<String> lines() {
    return lines(false);
  }

  /** Header and rows. */
  public List<String> lines(boolean colours) {
    int[] widths = new int[rows.getFirst().size()];
    for (List<String> row : rows) {
      for (int column = 0; column < widths.length; column++) {
        widths[column] = Math.max(widths[column], row.get(column).length());
      }
    }
    int address = rows.getFirst().indexOf(ADDRESS);
    if (address >= 0) {
      widths[address] = Math.min(widths[address], ADDRESS_WIDTH);
    }
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      lines.add(tones.get(i).of(line(rows.get(i), widths), colours));
    }
    return lines;
  }

  private static String line(List<String> row, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < widths.length; column++) {
      String text = row.get(column);
      line.append(text).repeat(' ', Math.max(0, widths[column] - text.length())).append(GAP);
    }
    return line.toString().stripTrailing();
  }
}
