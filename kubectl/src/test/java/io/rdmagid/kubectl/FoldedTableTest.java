package io.rdmagid.kubectl;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.terminal.Tone;
import org.junit.jupiter.api.Test;

class FoldedTableTest {
  private static final String LONG = "word ".repeat(20) + "x".repeat(90) + " end";

  private static FoldedTable table() {
    FoldedTable table = new FoldedTable("WHAT", "WHERE", "WHY");
    table.add(Tone.BAD, "PortDown", "a", LONG);
    table.add(Tone.PLAIN, "No", "", "");
    return table;
  }

  @Test
  void aSentenceStandsBelowInLinesThatFit() {
    assertThat(table().lines(false, false))
        .containsExactly(
            "WHAT      WHERE",
            "PortDown  a",
            "    " + "word ".repeat(14) + "word",
            "    word word word word word",
            "    " + "x".repeat(90),
            "    end",
            "No");
  }

  @Test
  void aMessageOfSeveralLinesIsOneSentence() {
    FoldedTable table = new FoldedTable("WHAT", "WHY");
    table.add(Tone.PLAIN, "Failed", "first:\n\tsecond\n");
    assertThat(table.lines(false, false)).containsExactly("WHAT", "Failed", "    first: second");
    assertThat(table.lines(false, true)).containsExactly("WHAT    WHY", "Failed  first: second");
  }

  @Test
  void wideEachRowIsALine() {
    assertThat(table().lines(false, true))
        .containsExactly("WHAT      WHERE  WHY", "PortDown  a      " + LONG, "No        -");
  }

  /** Of several lines each, because a terminal's pager shows them one by one. */
  @Test
  void eachLineHasTheToneOfItsRow() {
    assertThat(table().lines(true, false).subList(1, 6))
        .allSatisfy(line -> assertThat(line).startsWith("\u001b[31m").endsWith("m"));
  }
}
