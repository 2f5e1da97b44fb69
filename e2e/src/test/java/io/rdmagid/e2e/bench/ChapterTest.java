package io.rdmagid.e2e.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rdmagid.e2e.testbed.TestbedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChapterTest {
  private static final Figure KEPT =
      new Figure("call", 1.049, Unit.TIMES, new Bar.AtMost(1.05), "a node");
  private static final Figure MISSED =
      new Figure("walk", 999, Unit.TIMES, new Bar.AtLeast(1000), "a node");
  private static final Figure SHOWN = Figure.of("heap", 12_345, Unit.BYTES, "a node");
  private static final Chapter CHAPTER =
      new Chapter(
          "node",
          "make bench",
          List.of(KEPT, MISSED, SHOWN),
          new BarPlot("Plot", "time", Unit.TIMES, List.of(new BarPlot.Row("C", 1))));

  @Test
  void onlyWhatMissesItsBarIsAFailure() {
    assertThat(CHAPTER.failures()).containsExactly(MISSED);
  }

  @Test
  void aBarIsKeptAtItsLimit() {
    assertThat(new Bar.AtMost(1.05).holds(1.05)).isTrue();
    assertThat(new Bar.AtLeast(1000).holds(1000)).isTrue();
    assertThat(new Bar.AtMost(1.05).holds(1.051)).isFalse();
    assertThat(new Bar.AtMost(1.05).holds(Double.NaN)).isFalse();
    assertThat(new Bar.AtLeast(1000).holds(Double.NaN)).isFalse();
  }

  @Test
  void theTableHasAllFiguresWithTheirBarsAndCommand() {
    assertThat(CHAPTER.table().lines())
        .contains(
            "| call | 1.05× | ≤ 1.05× | a node | `make bench` |",
            "| walk | **999×** | ≥ 1,000× | a node | `make bench` |",
            "| heap | 12,345 B |  | a node | `make bench` |");
  }

  @Test
  void timesAreReadInTheUnitThatFits() {
    assertThat(Unit.NANOSECONDS.text(48.25)).isEqualTo("48.3 ns");
    assertThat(Unit.NANOSECONDS.text(1_250)).isEqualTo("1.25 µs");
    assertThat(Unit.NANOSECONDS.text(321_000)).isEqualTo("321 µs");
    assertThat(Unit.NANOSECONDS.text(321_400_000)).isEqualTo("321 ms");
    assertThat(Unit.NANOSECONDS.text(1_200_000_000)).isEqualTo("1.20 s");
  }

  @Test
  void onlyThePartOfThePageIsReplaced(@TempDir Path docs) throws IOException {
    Path page = docs.resolve("benchmarks.md");
    Files.writeString(
        page, "# Benchmarks\n<!-- bench:node -->\nold\n<!-- /bench:node -->\nwritten by hand\n");

    new BenchPage(page).write(CHAPTER);
    new BenchPage(page).write(CHAPTER);

    assertThat(Files.readString(page))
        .startsWith("# Benchmarks\n<!-- bench:node -->\n| figure |")
        .containsOnlyOnce("![Plot](benchmarks-node.svg)")
        .endsWith("<!-- /bench:node -->\nwritten by hand\n")
        .doesNotContain("old");
    assertThat(docs.resolve("benchmarks-node.svg")).content().startsWith("<svg");
  }

  @Test
  void aPageWithoutThePartIsRefused() {
    assertThatThrownBy(() -> BenchPage.replace("# Benchmarks\n", CHAPTER))
        .isInstanceOf(TestbedException.class)
        .hasMessageContaining("<!-- bench:node -->");
  }
}
